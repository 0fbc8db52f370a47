using Kernels.Abstractions;
using Kernels.Bench.PeerPrograms;
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
            if (FairConditions.WhyNot(planned.Kernel, planned.Threads, cold: eviction is not null) is { } unfair)
                return planned.Result(CaseStatus.Unsupported, unfair);
            var peer = planned.Kernel as PeerKernel;
            using var team = planned.Threads > 1 && peer is null ? new ThreadedKernel(planned.Kernel, planned.Threads) : null;
            AttentionKernel kernel = peer?.OnThreads(planned.Threads) ?? team ?? planned.Kernel;
            if (CaseMemory.WhyNot(kernel, planned.Problem, availableBytes) is { } shortage)
                return planned.Result(CaseStatus.Unsupported, shortage);
            if (limits.WhySkip(prediction: null) is { } spent)
                return planned.Result(CaseStatus.Skipped, spent);
            deadline.CancelAfter(Longest(limits.Left));
            if (!rates.Knows(planned.Kernel.Info.Name))
                Calibrate(planned, deadline.Token);
            if (limits.WhySkip(rates.Predict(planned)) is { } skip)
                return planned.Result(CaseStatus.Skipped, skip);
            return Time(planned, kernel, deadline.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            return planned.Result(CaseStatus.Timeout, "ended, because the case's time was up");
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

    private static TimeSpan Longest(TimeSpan left) => TimeSpan.FromDays(Math.Clamp(left.TotalDays, 0, 1));

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
        ICaseTimer timer = TimerOf(planned.Kernel, inputs, output, scratch, stop);
        rates.Add(calibration, Math.Min(timer.Probe(), timer.Probe()));
    }

    private CaseResult Time(PlannedCase planned, AttentionKernel kernel, CancellationToken stop)
    {
        AttentionProblem problem = planned.Problem;
        AttentionInputs inputs = data.Inputs(problem);
        using var output = new FencedBuffer(problem.QueryLength);
        using var scratch = new FencedBuffer(CaseMemory.ScratchFloats(kernel, problem));
        ColdStart? coldStart = eviction is null ? null : new ColdStart(eviction, kernel, problem);
        ICaseTimer timer = TimerOf(kernel, inputs, output, scratch, stop, coldStart);

        double secondsPerCall = timer.Probe();
        if (limits.WhyEnd(secondsPerCall) is { } end)
            return planned.Result(CaseStatus.Timeout, end);
        var plan = SamplePlan.For(secondsPerCall, limits.CaseTime.TotalSeconds);
        double[] samples = timer.NanosecondsPerCall(eviction is null ? plan : plan.Cold);

        Expectation reference = data.Reference(planned.Kernel.Info, problem);
        Verdict verdict = Gate.Compare(planned.Kernel, problem, reference, output.Span);
        DeviceResult? onDevice = null;
        if (verdict.Passed && planned.Kernel is DeviceKernel deviceKernel)
        {
            onDevice = TimeOnDevice(deviceKernel, planned, inputs, output, plan);
            verdict = Gate.Compare(planned.Kernel, problem, reference, output.Span);
        }
        if (!verdict.Passed)
            return planned.Result(CaseStatus.Wrong, $"what was timed is wrong: {verdict.Message}") with { Errors = verdict.Errors };
        MedianInterval time = MedianInterval.Of(samples);
        rates.Add(planned, time.Median / 1e9);
        return planned.Result(CaseStatus.Measured) with
        {
            Timing = new Timing(time.Median, time.Low, time.High, samples.Length),
            ExactGflops = planned.ExactFlops / time.Median,
            ExecutedGflops = planned.Kernel.ExecutedFlops(problem) / time.Median,
            DenseGflops = planned.Problem.DenseFlops / time.Median,
            GigabytesPerSecond = planned.Problem.VisibleBytes / time.Median,
            Device = onDevice,
            // What a peer needs beside the tensors is its own memory.
            ScratchBytes = kernel is PeerKernel ? null : sizeof(float) * kernel.ScratchLength(problem),
            AllocatedBytesPerCall = timer.AllocatedBytesPerCall,
            Errors = verdict.Errors,
        };
    }

    private static DeviceResult TimeOnDevice(
        DeviceKernel kernel, PlannedCase planned, AttentionInputs inputs, FencedBuffer output, SamplePlan plan)
    {
        // Each launch is a sample; more would only narrow what is narrow already.
        const int MostLaunches = 100;
        AttentionProblem problem = planned.Problem;
        output.Span.Fill(float.NaN);
        double[] samples = kernel.DeviceNanoseconds(
            problem, inputs.Q.Span, inputs.K.Span, inputs.V.Span, output.Span, Math.Min(plan.Samples * plan.CallsPerSample, MostLaunches));
        MedianInterval time = MedianInterval.Of(samples);
        return new DeviceResult
        {
            Timing = new Timing(time.Median, time.Low, time.High, samples.Length),
            ExactGflops = planned.ExactFlops / time.Median,
            DenseGflops = problem.DenseFlops / time.Median,
            GigabytesPerSecond = problem.VisibleBytesIn(kernel.Info.Precision) / time.Median,
        };
    }

    private ICaseTimer TimerOf(
        AttentionKernel kernel, AttentionInputs inputs, FencedBuffer output, FencedBuffer scratch, CancellationToken stop,
        ColdStart? coldStart = null) =>
        kernel is PeerKernel peer
            ? new PeerTimer(peer, inputs, output, stop)
            : new KernelTimer(engine, new TimedCase(kernel, inputs, output, scratch, stop) { ColdStart = coldStart });
}
