using Kernels.Bench;
using Kernels.Bench.Display;
using Spectre.Console;
using Xunit;

namespace Kernels.Tests.CommandLine;

[RunsOnce]
public class TerminalTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void No_table_splits_a_name(int width)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;

        Terminal.WriteFramed(
            console, ["kernel", "computes", "here", "idea"],
            [.. Catalog.All.Select(kernel => kernel.Info).Select(info => new[] { info.Name, info.Operation.Name, "runs", info.Idea })]);

        string[] lines = text.ToString().TrimEnd().Split('\n');
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, line));
        HashSet<string> words = [.. lines.SelectMany(line => line.Split(' ', '│', '\r'))];
        Assert.All(Catalog.All, kernel => Assert.Contains(kernel.Info.Name, words));
    }

    [Theory]
    [InlineData("dev flash-avx2", "flash-avx2-6x16")]
    [InlineData("run --suite refer", "reference")]
    [InlineData("run --shapes gpt2-small,be", "gpt2-small,bert-base")]
    [InlineData("compare naive-triple-loop naive-three", "naive-three-pass")]
    [InlineData("dev naive-triple-loop --sh", "--shape")]
    public async Task Tab_completes_names(string line, string expected) =>
        Assert.Contains(expected, (await CommandRun.Of($"[suggest:{line.Length}]", line)).Output.Split('\n', StringSplitOptions.TrimEntries));
}
