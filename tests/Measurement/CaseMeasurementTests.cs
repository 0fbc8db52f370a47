using Kernels.Abstractions;
using Kernels.Measurement.Cases;
using Kernels.Naive;
using Kernels.Reference;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

/// <summary>Tests that time something run alone: they would disturb each other, and allocations are counted for the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;

[Collection(nameof(Alone))]
public sealed class CaseMeasurementTests : IDisposable
{
    private static readonly AttentionProblem problem = new(1, 2, 1, 24, 40, 16, AttentionMask.Causal);

    // Even the slowest case computes two heads twice to calibrate, once to probe, and once for each of six samples.
    private const int FewestHeads = 10;

    private readonly TemporaryFolder folder = new();
    private readonly BenchmarkEngine engine;

    public CaseMeasurementTests() => engine = new BenchmarkEngine(folder.File("benchmark.log"));

    public void Dispose()
    {
        engine.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_right_kernel_is_measured(int threads)
    {
        CaseResult result = Measure(new ThreePass(), threads: threads);

        Assert.Equal((CaseStatus.Measured, null), (result.Status, result.Reason));
        Assert.InRange(result.Timing!.MedianNs, result.Timing.LowNs, result.Timing.HighNs);
        Assert.True(result.Timing.LowNs > 0);
        Assert.InRange(result.Timing.Samples, MedianInterval.FewestSamples, 15);
        Assert.Equal(Operations.Softmax.Flops(problem) / result.Timing.MedianNs, result.ExactGflops!.Value, 1e-9);
        Assert.Equal(problem.DenseFlops / result.Timing.MedianNs, result.DenseGflops!.Value, 1e-9);
        Assert.True(result.ScratchBytes > 0);
        Assert.Equal(0, result.AllocatedBytesPerCall);
        Assert.InRange(result.Errors!.RatioToBase!.Value, 0, 2);
    }

    [Fact]
    public void A_kernel_that_is_wrong_gets_no_time()
    {
        CaseResult result = Measure(new KernelFrom("test-zeros", (_, _, _, _, output) => output.Clear()));

        Assert.Equal(CaseStatus.Wrong, result.Status);
        Assert.Contains("what was timed is wrong", result.Reason);
        RequireNoTime(result);
    }

    [Fact]
    public void A_kernel_that_writes_nothing_in_later_calls_is_wrong()
    {
        int calls = 0;
        CaseResult result = Measure(new KernelFrom("test-tired", (problem, q, k, v, output) =>
        {
            if (calls++ < FewestHeads)
                KernelFrom.Right(problem, q, k, v, output);
        }));

        Assert.Equal(CaseStatus.Wrong, result.Status);
        RequireNoTime(result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(FewestHeads)]
    public void A_kernel_that_throws_has_failed_with_its_reason(int callsBefore)
    {
        int calls = 0;
        CaseResult result = Measure(new KernelFrom("test-throws", (problem, q, k, v, output) =>
        {
            if (calls++ >= callsBefore)
                throw new InvalidOperationException("no luck today");
            KernelFrom.Right(problem, q, k, v, output);
        }));

        Assert.Equal(CaseStatus.Failed, result.Status);
        Assert.Equal("InvalidOperationException: no luck today", result.Reason);
        RequireNoTime(result);
    }

    [Fact]
    public void A_refusal_is_reported_in_the_kernels_words()
    {
        CaseResult result = Measure(new KernelFrom("test-refuses", (_, _, _, _, _) => { }) { Refusal = "only on Sundays" });

        Assert.Equal((CaseStatus.Unsupported, "only on Sundays"), (result.Status, result.Reason));
    }

    [Fact]
    public void Scratch_beyond_memory_is_refused_before_it_is_allocated()
    {
        CaseResult result = Measure(new KernelFrom("test-greedy", (_, _, _, _, _) => { }) { Scratch = 1L << 40 }, threads: 2);

        Assert.Equal(CaseStatus.Unsupported, result.Status);
        Assert.Contains("scratch", result.Reason);
    }

    [Fact]
    public void A_call_that_leaves_no_time_for_samples_ends_the_case()
    {
        CaseResult result = Measure(
            new KernelFrom("test-slow", (problem, q, k, v, output) =>
            {
                if (problem.Keys > 24)
                    Thread.Sleep(300);
            }),
            new AttentionProblem(1, 1, 1, 130, 130, 4), limit: 1);

        Assert.True(result.Status is CaseStatus.Timeout or CaseStatus.Skipped, result.Reason);
        RequireNoTime(result);
    }

    [Fact]
    public void A_long_case_is_skipped_with_a_prediction_from_a_short_problem()
    {
        int calls = 0;
        CaseResult result = Measure(
            new KernelFrom("test-predictable", (_, _, _, _, _) =>
            {
                calls++;
                Thread.Sleep(20);
            }),
            new AttentionProblem(1, 1, 1, 2048, 2048, 4), limit: 1);

        Assert.Equal(CaseStatus.Skipped, result.Status);
        Assert.Contains("predicted", result.Reason);
        Assert.Contains("b1-h1-q128-k128-d4", result.Reason);
        Assert.Equal(2, calls);
    }

    [Fact]
    public void Allocations_of_a_call_are_counted()
    {
        CaseResult result = Measure(new KernelFrom("test-allocates", (problem, q, k, v, output) =>
        {
            Assert.NotNull(new byte[1000]);
            KernelFrom.Right(problem, q, k, v, output);
        }));

        Assert.Equal(CaseStatus.Measured, result.Status);
        Assert.InRange(result.AllocatedBytesPerCall!.Value, 2000, double.MaxValue);
    }

    [Fact]
    public void A_kernel_on_a_device_is_measured_beside_all_threads_only()
    {
        var kernel = new KernelFrom("test-device", (_, _, _, _, output) => output.Clear()) { RunsOn = "test device" };
        Assert.SkipWhen(Environment.ProcessorCount == 1, "one processor is all of them");

        CaseResult few = Measure(kernel, threads: Environment.ProcessorCount - 1);
        CaseResult all = Measure(kernel, threads: Environment.ProcessorCount);

        Assert.Equal(CaseStatus.Unsupported, few.Status);
        Assert.Contains("test device", few.Reason);
        Assert.NotEqual(CaseStatus.Unsupported, all.Status);
    }

    [Fact]
    public void A_stopped_measurement_throws()
    {
        using var stop = new CancellationTokenSource();
        var kernel = new KernelFrom("test-stops", (_, _, _, _, _) => stop.Cancel());
        using var measurement = new CaseMeasurement(engine, Limits(60), References.Suite);

        Assert.ThrowsAny<OperationCanceledException>(() => measurement.Measure(new PlannedCase(kernel, null, problem, 1), stop.Token));
    }

    [Fact]
    public void What_the_benchmark_library_prints_is_in_the_log()
    {
        Measure(new ThreePass());
        engine.Dispose();

        Assert.Contains("SampleBenchmark.Call", File.ReadAllText(folder.File("benchmark.log")));
        Assert.False(Directory.Exists("BenchmarkDotNet.Artifacts"));
    }

    private static void RequireNoTime(CaseResult result)
    {
        Assert.Null(result.Timing);
        Assert.Null(result.ExactGflops);
        Assert.Null(result.DenseGflops);
        Assert.Null(result.CeilingShare);
    }

    private static CaseLimits Limits(double limit) => new(TimeSpan.FromSeconds(0.05), TimeSpan.FromSeconds(limit), budget: null);

    private CaseResult Measure(Kernel kernel, AttentionProblem? on = null, int threads = 1, double limit = 60)
    {
        using var measurement = new CaseMeasurement(engine, Limits(limit), References.Suite);
        return measurement.Measure(new PlannedCase(kernel, "test", on ?? problem, threads), CancellationToken.None);
    }
}
