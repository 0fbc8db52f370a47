using System.Text.Json;
using Kernels.Bench.Commands;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>A kernel that ends or hangs its process loses the verdict on that case alone, and the case is named.</summary>
[RunsOnce]
public sealed class JudgeProcessTests : IDisposable
{
    private const string Before = "h1-q3-k8-d8", At = "h1-q3-k9-d8";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("hangs", "2", "did not return within 2 s", "timedOut")]
    [InlineData("crashes", "120", "ended its process: Process terminated", "crashed")]
    [InlineData("overflows", "120", "ended its process: Stack overflow", "crashed")]
    public async Task The_case_is_named_and_other_verdicts_are_kept(string name, string limit, string reason, string kind)
    {
        string json = folder.File("verdicts.json");

        CommandRun run = await Verify(
            $"planted-{name},naive-lazy-rescale", "--shapes", $"{Before},{At},h1-q4-d8", "--inputs", "normal", "--case-limit", limit, "--json", json);

        Assert.True(run.ExitCode == ExitCode.Failed, $"{run.Output}{run.Error}");
        Assert.Contains($"planted-{name} on b1-{At} normal seed 1: {reason}", run.Output);
        Assert.Matches($"planted-{name} +WRONG +1 +1 ", run.Output);
        Assert.Matches("naive-lazy-rescale +right +3 ", run.Output);
        Assert.Contains($"planted-{name}: 1 case not run", run.Output);
        Assert.Contains("verify --assembly", run.Output);
        Assert.Contains($"--kernels planted-{name} --shapes b1-h1-", run.Output);
        using var verdicts = JsonDocument.Parse(File.ReadAllText(json));
        JsonElement planted = verdicts.RootElement.GetProperty("kernels").EnumerateArray()
            .Single(each => each.GetProperty("name").GetString() == $"planted-{name}");
        Assert.Equal(["passed", "failed"], planted.GetProperty("cases").EnumerateArray().Select(each => each.GetProperty("status").GetString()));
        Assert.Equal(kind, planted.GetProperty("cases")[1].GetProperty("failure").GetString());
    }

    [Fact]
    public async Task A_crash_is_shrunk_to_the_smallest_case()
    {
        CommandRun run = await Verify("planted-crashes", "--shapes", "h2-q3-k11-d3", "--inputs", "normal");
        Assert.Contains("smallest  b1-h1-q1-k9-d1 normal seed 1: ended its process", run.Output);
    }

    [Fact]
    public async Task A_guard_page_names_the_operand_beside_it()
    {
        CommandRun run = await Verify("planted-overreads", "--guard", "--shapes", At, "--inputs", "normal");

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains($"planted-overreads on b1-{At} normal seed 1: touched memory outside k: a guard page ended its process", run.Output);
        Assert.Contains("--guard --kernels planted-overreads --shapes b1-h1-q1-k1-d1", run.Output);
        Assert.DoesNotContain("   at ", run.Output + run.Error);
        Assert.Equal(ExitCode.Ok, (await Verify("planted-overreads", "--shapes", At, "--inputs", "normal")).ExitCode);
    }

    // In a process of its own, whose catalog has the kernels of these tests.
    private static Task<CommandRun> Verify(string kernels, params string[] options) => CommandRun.OfOwnProcess(
        ["verify", "--assembly", typeof(PlantedKernel).Assembly.Location, "--kernels", kernels, .. options]);
}
