using Kernels.Bench.Commands;
using Xunit;

namespace Kernels.Tests.CommandLine;

[RunsOnce]
public sealed class DevTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("naive-tripel-loop", "the nearest are naive-triple-loop")]
    [InlineData("naive-triple-loop --shape h1-q8-d8,h2-q8-d8", "--shape takes one shape")]
    [InlineData("naive-triple-loop --shape h1-q8-d8-strided4", "naive-triple-loop cannot compute b1-h1-q8-k8-d8-strided4")]
    public async Task Wrong_command_lines_are_one_line(string line, string expected) =>
        Assert.Contains(expected, await CommandRun.Refused(["dev", .. line.Split(' ')]));

    [Fact]
    public async Task Errors_of_a_build_are_shown_in_few_lines_and_a_save_builds_again()
    {
        WatchedProject project = Library("Broken");
        string source = Path.Combine(project.Sources, "Broken.cs");
        await File.WriteAllTextAsync(source, "class Broken { int A => missing; }", TestContext.Current.CancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var output = new LineWriter();
        using var loop = new DevWatch(project, output);

        Task<int> watching = Task.Run(() => loop.Run(["dev", "no-such-kernel"], stop.Token));
        await output.Until("Waiting for a save", times: 1, stop.Token);
        await File.WriteAllTextAsync(source, "class Broken { int B => absent; }", stop.Token);
        await output.Until("Waiting for a save", times: 2, stop.Token);
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Interrupted, await watching);
        string[] lines = [.. output.Lines.Where(line => !line.StartsWith("Waiting", StringComparison.Ordinal))];
        Assert.Equal(4, lines.Length);
        Assert.StartsWith("Broken.cs(1,25): error CS0103: The name 'missing'", lines[0]);
        Assert.StartsWith("Broken.cs(1,25): error CS0103: The name 'absent'", lines[2]);
        Assert.Equal(["The build failed.", "The build failed."], [lines[1], lines[3]]);
    }

    private WatchedProject Library(string name)
    {
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(folder.File($"{name}.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
            </Project>
            """);
        return new(folder.File($"{name}.csproj"), folder.Path, $"{name}.dll");
    }

    /// <summary>Lines that one thread writes and another waits for.</summary>
    private sealed class LineWriter : StringWriter
    {
        private readonly List<string> lines = [];

        public string[] Lines
        {
            get
            {
                lock (lines)
                    return [.. lines];
            }
        }

        public override void WriteLine(string? value)
        {
            lock (lines)
                lines.Add(value ?? "");
        }

        public async Task Until(string begin, int times, CancellationToken stop)
        {
            while (Lines.Count(line => line.StartsWith(begin, StringComparison.Ordinal)) < times)
                await Task.Delay(50, stop);
        }
    }
}
