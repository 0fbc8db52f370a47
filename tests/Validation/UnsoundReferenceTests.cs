using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Bench.Commands;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>A reference that fails says nothing about a kernel, must be seen, and must not keep other cases and kernels from the gate.</summary>
[RunsOnce]
public sealed class UnsoundReferenceTests
{
    [Theory]
    [InlineData(UnsoundAttention.KeysThatContradict, "Two and two are five on b1-h1-q3-k5-d8.")]
    [InlineData(UnsoundAttention.KeysThatThrow, "The reference of unsound threw IndexOutOfRangeException on b1-h1-q3-k6-d8: on purpose")]
    public void A_case_without_a_reference_fails_and_the_next_is_judged(int keys, string message)
    {
        var references = new References(operation => operation is UnsoundAttention unsound ? new UnsoundReference(unsound) : null);
        using var cache = new ReferenceCache(references);
        GateCase failing = Case(keys), sound = Case(7);
        var options = new GateOptions { Cases = [failing, sound], Cache = cache };

        (GateTally tally, GateResult result) = GateRun.Judge(new UnsoundKernel(), options, progress: null);

        Assert.Equal((1, 1), (result.Failed, result.Passed));
        Assert.Equal($"unsound-right on {failing}: cannot be judged: {message}", result.Failure);
        Assert.Equal(FailureKind.NoReference, tally.FirstFailure);
        Assert.Equal(message, Assert.Throws<ReferenceException>(() => cache.Expectation(failing, new UnsoundAttention())).Message);
    }

    [Fact]
    public async Task Verify_says_so_in_a_line_goes_on_and_fails()
    {
        using var folder = new TemporaryFolder();
        string json = folder.File("verdicts.json");

        // In a process of its own, whose catalog has the kernels of these tests.
        CommandRun run = await CommandRun.OfOwnProcess(
            "verify", "--assembly", typeof(UnsoundKernel).Assembly.Location,
            "--kernels", "unsound-right,naive-lazy-rescale", "--shapes", "h1-q3-k5-d8", "--inputs", "normal", "--json", json);

        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Error));
        Assert.Matches("unsound-right +NOT JUDGED", run.Output);
        Assert.Matches("naive-lazy-rescale +right", run.Output);
        Assert.Contains(
            "unsound-right on b1-h1-q3-k5-d8 normal seed 1: cannot be judged: Two and two are five on b1-h1-q3-k5-d8.",
            run.Output.Split('\n'));
        using var verdicts = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Contains("noReference", verdicts.RootElement.GetProperty("kernels").ToString());
    }

    private static GateCase Case(int keys) => new(new AttentionProblem(1, 1, 1, 3, keys, 8), InputFamily.Normal, Seed: 1);
}
