using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Bench.Commands;
using Xunit;

namespace Kernels.Tests.CommandLine;

/// <summary>What a user does who has kernels of his own: writes a library by <c>new</c>, builds it, and names it with <c>--assembly</c>.</summary>
[RunsOnce]
public sealed class UserAssemblyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_library_is_written_built_verified_measured_and_applied()
    {
        string library = folder.File("mine");
        foreach (string[] args in new[] { new[] { "my-flash" }, ["my-step", "--like", "naive-online-step"] })
            Assert.Equal(ExitCode.Ok, (await CommandRun.Of(["new", .. args, "--project", library])).ExitCode);
        string assembly = await Build(library);

        string verdicts = await Suite("verify", "--assembly", assembly, "--kernels", "my-*");
        Assert.All(new[] { "my-flash", "my-step" }, name => Assert.Matches($"{name} +right", verdicts));
        string results = folder.File("results");
        await Suite("run", "--assembly", assembly, "--kernels", "my-*,naive-online-softmax", "--shapes", "h1-q16-d8", "--threads", "1", "--out", results);
        Assert.Contains("my-step", File.ReadAllText(Path.Combine(results, "index.html")));
        await Suite("run", "--resume", results, "--assembly", assembly);
        Assert.Contains("my-flash", await Suite("list", "--assembly", assembly));
        string answer = await Suite("dev", "my-flash", "--assembly", assembly, "--shape", "h1-q16-d8");
        Assert.Matches("verdict +right", answer);
        Assert.Matches("compared .*naive-online-softmax", answer);
        Assert.Matches("memory +32 bytes of scratch", answer);
    }

    [Fact]
    public async Task A_kernel_of_every_operation_and_format_of_the_processor_is_written_and_right()
    {
        string library = folder.File("mine");
        Kernel[] kinds =
        [
            .. Catalog.All.Where(kernel => kernel.Backend is null && kernel.Info.Operation is AttentionOperation)
                .DistinctBy(kernel => (kernel.Info.Operation, kernel.Info.Format)),
        ];
        Assert.Equal(Operations.All.OfType<AttentionOperation>().Count() + 1, kinds.Length);
        foreach (Kernel kind in kinds)
            Assert.Equal(ExitCode.Ok, (await CommandRun.Of("new", $"my-{kind.Info.Name}", "--like", kind.Info.Name, "--project", library)).ExitCode);

        string verdicts = await Suite(
            "verify", "--assembly", await Build(library), "--kernels", "my-*", "--shapes",
            "h4/2-q37-k41-d20,h2-q19-k70-d9v13-causal,h2-q70-k19-d16-causal-bshd");

        Assert.All(kinds, kind => Assert.Matches($"my-{kind.Info.Name} +right", verdicts));
    }

    [Fact]
    public async Task What_cannot_serve_is_refused_in_one_line()
    {
        string text = folder.File("text.dll");
        File.WriteAllText(text, "no assembly");
        string none = typeof(Assert).Assembly.Location, absent = folder.File("absent.dll");
        Assert.Contains("no such file", await CommandRun.Refused("list", "--assembly", absent));
        Assert.Contains("cannot be loaded", await CommandRun.Refused("list", "--assembly", text));
        Assert.Contains("has no kernel", await CommandRun.Refused("list", "--assembly", none));
    }

    [Theory]
    [InlineData("two", "my-flash", "is named my-flash, as another kernel is")]
    [InlineData("taken", "naive-three-pass", "is named naive-three-pass, as another kernel is")]
    [InlineData("throws", null, "InvalidOperationException: on purpose")]
    public async Task Kernels_that_cannot_join_the_catalog_are_refused_in_one_line(string kind, string? secondName, string expected)
    {
        string library = folder.File(kind);
        Assert.Equal(ExitCode.Ok, (await CommandRun.Of("new", "my-flash", "--project", library)).ExitCode);
        string source = File.ReadAllText(Path.Combine(library, "MyFlash.cs")).Replace("class MyFlash", "class Second", StringComparison.Ordinal);
        source = secondName is null
            ? source.Replace("protected override Takes",
                "public Second() => throw new InvalidOperationException(\"on purpose\");\n    protected override Takes", StringComparison.Ordinal)
            : source.Replace("\"my-flash\"", $"\"{secondName}\"", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(library, "Second.cs"), source);

        string line = await CommandRun.Refused("verify", "--assembly", await Build(library), "--kernels", "my-flash");

        Assert.Contains(expected, line);
    }

    [Fact]
    public async Task A_kernel_of_a_device_or_a_peer_or_of_a_bad_name_is_not_written()
    {
        Assert.Contains("not the name of a kernel", await CommandRun.Refused("new", "My Flash", "--project", folder.Path));
        Assert.Contains("already", await CommandRun.Refused("new", "naive-three-pass", "--project", folder.Path));
        Assert.Matches(
            "flash-cuda-lse-bf16 is the code of a device.*of softmax-lse, --like takes .*-lse-",
            await CommandRun.Refused("new", "my-lse", "--like", "flash-cuda-lse-bf16", "--project", folder.Path));
        Assert.Contains("another program", await CommandRun.Refused("new", "my-peer", "--like", "peer-onnxruntime-mha", "--project", folder.Path));
        Assert.Empty(folder.Files);
    }

    private static async Task<string> Build(string library)
    {
        string output = Path.Combine(library, "out");
        Succeeded(await CommandRun.OfDotNet(
            new Dictionary<string, string>(), "build", "-c", "Release", library, "-o", output, "--nologo", "-v", "quiet"));
        return Path.Combine(output, Path.GetFileName(library) + ".dll");
    }

    // In a process of its own: what an assembly brings belongs to the catalog of the whole process.
    private static async Task<string> Suite(params string[] args) => Succeeded(await CommandRun.OfOwnProcess(args));

    private static string Succeeded(CommandRun run)
    {
        Assert.True(run.ExitCode == ExitCode.Ok, $"{run.Output}\n{run.Error}");
        return run.Output;
    }
}
