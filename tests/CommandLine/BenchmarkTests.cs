using Kernels.Tests.Measurement;
using Xunit;

namespace Kernels.Tests.CommandLine;

[Collection(nameof(Alone))]
[RunsOnce]
public sealed class BenchmarkTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Kernels_run_as_ordinary_benchmarks()
    {
        CommandRun run = await CommandRun.Of(
            "benchmark", "--kernels", "naive-triple-loop,naive-three-pass", "--shapes", "h1-q16-d8", "--threads", "1,2",
            "--", "--inProcess", "--job", "dry", "--artifacts", folder.File("artifacts"));

        run.RequireSuccess();
        string[] tables = Directory.GetFiles(folder.File("artifacts"), "*KernelBenchmark*.csv", SearchOption.AllDirectories);
        string table = File.ReadAllText(Assert.Single(tables));
        Assert.Equal(5, table.Trim().Split('\n').Length);
        Assert.Contains("naive-three-pass", table);
        Assert.Contains("b1-h1-q16-k16-d8", table);
    }

    [Theory]
    [InlineData("--kernels no-such-kernel", "no-such-kernel")]
    [InlineData("--kernels sparse-tiles-portable --shapes h1-q16-d8", "No kernel that was chosen")]
    [InlineData("--kernels naive-three-pass --shapes h1-q16-d8 -- --no-such-option", "no-such-option")]
    public async Task Wrong_command_lines_are_one_line(string line, string expected) =>
        Assert.Contains(expected, await CommandRun.Refused(["benchmark", .. line.Split(' ')]));
}
