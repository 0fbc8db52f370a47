using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Bench.Results;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Measurement;

/// <summary>Measures one case after the other: predicts, times, and checks what was timed.</summary>
public sealed class CaseMeasurement : IDisposable
{
    private readonly BenchmarkEngine engine;
    private readonly CaseLimits limits;
    private readonly CallRates rates = new();
    private readonly ProblemData data = new();
    private readonly CacheEviction? eviction;
    private readonly long availableBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Measures with <paramref name="engine"/>, which the caller owns; <paramref name="cold"/> empties the caches before each call.</summary>
    public CaseMeasurement(BenchmarkEngine engine, CaseLimits limits, bool cold = false)
    {
        eviction = cold ? new CacheEviction() : null;
        this.engine = engine;
        this.limits = limits;
    }

    /// <summary>Measures a case. Whatever a kernel does, the result says it; nothing is thrown for it.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public CaseResult Measure(PlannedCase planned, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            if (planned.Kernel.WhyNot(planned.Problem) is { } refusal)
                return planned.Result(CaseStatus.Unsupported, refusal);
            if (FairThreads.WhyNot(planned.Kernel, planned.Threads) is { } unfair)
                return planned.Result(CaseStatus.Unsupported, unfair);
            using var team = planned.Threads > 1 ? new ThreadedKernel(planned.Kernel, planned.Threads) : null;
            AttentionKernel kernel = team ?? planned.Kernel;
            if (CaseMemory.WhyNot(kernel, planned.Problem, availableBytes) is { } shortage)
                return planned.Result(CaseStatus.Unsupported, shortage);
            if (!rates.Knows(planned.Kernel.Info.Name))
                Calibrate(planned, stop);
            if (limits.WhySkip(rates.Predict(planned)) is { } skip)
                return planned.Result(CaseStatus.Skipped, skip);
            deadline.CancelAfter(Longest(limits.Left));
            return Time(planned, kernel, deadline.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            return planned.Result(CaseStatus.Timeout, "ended between two calls, because the case's time was up");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return planned.Result(CaseStatus.Failed, $"{error.GetType().Name}: {error.Message}");
        }
    }

    /// <summary>Frees inputs.</summary>
    public void Dispose()
    {
        data.Dispose();
        eviction?.Dispose();
    }

    private static TimeSpan Longest(TimeSpan left) => left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1);

    /// <summary>Finds a kernel's rate on one head of a short problem, so that its first long one can be predicted.</summary>
    private void Calibrate(PlannedCase planned, CancellationToken stop)
    {
        const int Tokens = 128;
        AttentionProblem problem = planned.Problem;
        var small = new AttentionProblem(
            1, problem.Heads / problem.KvHeads, 1, Math.Min(problem.Queries, Tokens), Math.Min(problem.Keys, Tokens), problem.HeadDim,
            problem.Mask, problem.Scale);
        PlannedCase calibration = planned with { Problem = small, Threads = 1 };
        if (planned.Kernel.WhyNot(small) is not null || calibration.ExactFlops == 0)
            return;
        using var inputs = AttentionInputs.Create(small, InputFamily.Normal, seed: 1);
        using var output = new FencedBuffer(small.QueryLength);
        using var scratch = new FencedBuffer(CaseMemory.ScratchFloats(planned.Kernel, small));
        var timed = new TimedCase(planned.Kernel, inputs, output, scratch, stop);
        rates.Add(calibration, Math.Min(Seconds(timed), Seconds(timed)));
    }

    private CaseResult Time(PlannedCase planned, AttentionKernel kernel, CancellationToken stop)
    {
        AttentionProblem problem = planned.Problem;
        AttentionInputs inputs = data.Inputs(problem);
        using var output = new FencedBuffer(problem.QueryLength);
        using var scratch = new FencedBuffer(CaseMemory.ScratchFloats(kernel, problem));
        var timed = new TimedCase(kernel, inputs, output, scratch, stop)
        {
            ColdStart = eviction is null ? null : new ColdStart(eviction, kernel, problem),
        };

        double secondsPerCall = Probe(timed);
        if (limits.WhyEnd(secondsPerCall) is { } end)
            return planned.Result(CaseStatus.Timeout, end);
        var plan = SamplePlan.For(secondsPerCall, limits.CaseTime.TotalSeconds);
        double[] samples = engine.NanosecondsPerCall(timed, eviction is null ? plan : plan.Cold);

        Verdict verdict = Gate.Compare(planned.Kernel, problem, data.Reference(planned.Kernel.Info.Definition, problem), output.Span);
        if (!verdict.Passed)
            return planned.Result(CaseStatus.Wrong, $"what was timed is wrong: {verdict.Message}") with { Errors = verdict.Errors };
        MedianInterval time = MedianInterval.Of(samples);
        rates.Add(planned, time.Median / 1e9);
        return Measured(planned, time, samples.Length, sizeof(float) * kernel.ScratchLength(problem), timed, verdict);
    }

    /// <summary>
    /// Seconds of a call. The first call touches the pages of output and scratch; a second one tells the time better, and fast kernels
    /// get a few more, so that code which the runtime recompiles after some calls is final before samples are planned.
    /// </summary>
    private static double Probe(TimedCase timed)
    {
        const int MostCalls = 32;
        const double Enough = 0.02;
        double total = 0, best = double.PositiveInfinity;
        for (int call = 0; call < MostCalls && total < Enough; call++)
        {
            double seconds = Seconds(timed);
            total += seconds;
            best = Math.Min(best, seconds);
        }
        return best;
    }

    private static double Seconds(TimedCase timed)
    {
        long start = Stopwatch.GetTimestamp();
        timed.Forward();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private CaseResult Measured(PlannedCase planned, MedianInterval time, int samples, long scratchBytes, TimedCase timed, Verdict verdict)
    {
        return planned.Result(CaseStatus.Measured) with
        {
            Timing = new Timing(time.Median, time.Low, time.High, samples),
            ExactGflops = planned.ExactFlops / time.Median,
            DenseGflops = planned.Problem.DenseFlops / time.Median,
            GigabytesPerSecond = planned.Problem.VisibleBytes / time.Median,
            ScratchBytes = scratchBytes,
            AllocatedBytesPerCall = timed.AllocatedBytesPerCall,
            Errors = verdict.Errors,
        };
    }
}
