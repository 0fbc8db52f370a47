using Kernels.Abstractions;
using Kernels.Measurement.Watch;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Measurement.Cases;

/// <summary>Measures cases in turn: predicts, times, and checks the timed output.</summary>
public sealed class CaseMeasurement : IDisposable
{
    private readonly BenchmarkEngine engine;
    private readonly CaseLimits limits;
    private readonly CallRates rates = new();
    private readonly References references;
    private readonly InputFamily family;
    private readonly ProblemData data;
    private readonly CacheEviction? eviction;
    private readonly long availableBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Prepares the measurement.</summary>
    /// <param name="engine">Takes the samples; the caller owns it.</param>
    /// <param name="limits">Time limits of cases.</param>
    /// <param name="references">References to check outputs with.</param>
    /// <param name="cold">Whether the caches are emptied before each call.</param>
    /// <param name="family">The family of the inputs.</param>
    public CaseMeasurement(
        BenchmarkEngine engine, CaseLimits limits, References references, bool cold = false, InputFamily family = InputFamily.Normal)
    {
        (this.references, this.family) = (references, family);
        data = new ProblemData(references, family);
        eviction = cold ? new CacheEviction() : null;
        this.engine = engine;
        this.limits = limits;
    }

    /// <summary>Measures a case. Failures of the kernel are reported in the result, not thrown.</summary>
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
            if (CaseMemory.WhyNot(planned.Kernel, planned.Threads, planned.Problem, availableBytes) is { } shortage)
                return planned.Result(CaseStatus.Unsupported, shortage);
            if (limits.WhySkip(prediction: null) is { } spent)
                return planned.Result(CaseStatus.Skipped, spent);
            deadline.CancelAfter(Longest(limits.Left));
            return OwnThread.Run(() => Begin(planned, deadline.Token));
        }
        catch (TimingException fault)
        {
            return planned.Result(CaseStatus.Wrong, fault.Message) with { Fault = fault.Fault };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            return planned.Result(CaseStatus.Timeout, "ended at the time limit of the case");
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

    private CaseResult Begin(PlannedCase planned, CancellationToken stop)
    {
        Aftermath.AwaitQuiet(stop);
        if (!rates.Knows(planned.Kernel.Info.Name))
            Calibrate(planned, stop);
        return limits.WhySkip(rates.Predict(planned)) is { } skip ? planned.Result(CaseStatus.Skipped, skip) : Time(planned, stop);
    }

    /// <summary>Measures a kernel's rate on one head of a short problem, from which its first long problem is predicted.</summary>
    private void Calibrate(PlannedCase planned, CancellationToken stop)
    {
        const int Tokens = 128;
        AttentionProblem problem = planned.Problem;
        AttentionProblem small = problem.On(new(
            1, problem.Heads / problem.KvHeads, 1, Math.Min(problem.Queries, Tokens), Math.Min(problem.Keys, Tokens), problem.HeadDim,
            problem.Mask, problem.Scale, problem.ValueDim, order: problem.Order));
        PlannedCase calibration = planned with { Problem = small, Threads = 1 };
        if (planned.Kernel.WhyNot(small) is not null || calibration.ExactFlops == 0)
            return;
        using var smallData = new ProblemData(references, family);
        using var sampled = new SampledKernel(
            planned.Kernel, threads: 1, smallData.Inputs(planned.Kernel.Info, small), eviction: null, stop);
        var thread = new CallerState();
        rates.Add(calibration, Math.Min(Pilot.CallNs(sampled), Pilot.CallNs(sampled)) / 1e9);
        thread.RequireUnchanged();
    }

    private CaseResult Time(PlannedCase planned, CancellationToken stop)
    {
        AttentionProblem problem = planned.Problem;
        KernelInfo info = planned.Kernel.Info;
        using var sampled = new SampledKernel(planned.Kernel, planned.Threads, data.Inputs(info, problem), eviction, stop);

        var thread = new CallerState();
        double callNs = Pilot.CallNs(sampled);
        thread.RequireUnchanged();
        if (limits.WhyEnd(callNs / 1e9) is { } end)
            return planned.Result(CaseStatus.Timeout, end);
        var plan = SamplePlan.For(callNs / 1e9, limits.CaseTime.TotalSeconds);
        if (eviction is not null)
            plan = plan.Cold;
        sampled.CompareWith(() => data.Expectation(info, problem));
        // Samples of one call have new inputs each.
        if (plan.CallsPerSample > 1)
            sampled.RequireNoMemory();
        // The preceding sample is of the same case and leaves the caches warm; another program gets new inputs for each.
        Sample sample = planned.Kernel.Backend is { TimesItself: true }
            ? Sample.For(sampled, plan.CallsPerSample, callNs)
            : new Sample(sampled, plan.CallsPerSample, WarmCalls: 0);
        double[] samples = engine.NanosecondsPerCall(
            [.. Enumerable.Repeat(sample, plan.Warmups + plan.Samples - 1), sample with { EndsAsGiven = true }], plan.Warmups, stop);
        Expectation expectation = data.Expectation(info, problem);
        Verdict verdict = sampled.Check(expectation);
        DeviceResult? onDevice = null;
        // Each launch is a sample; more launches would hardly narrow the interval.
        const int MostLaunches = 100;
        if (verdict.Passed && sampled.DeviceNanoseconds(Math.Min(plan.Samples * plan.CallsPerSample, MostLaunches)) is { } launches)
        {
            onDevice = OnDevice(planned, launches);
            verdict = sampled.Check(expectation);
        }
        if (!verdict.Passed)
            return planned.Result(CaseStatus.Wrong, $"what was timed is wrong: {verdict.Message}") with
            {
                Fault = TimingFault.WrongResult,
                Errors = verdict.Errors,
            };
        MedianInterval time = MedianInterval.Of(samples);
        rates.Add(planned, time.Median / 1e9);
        return planned.Result(CaseStatus.Measured) with
        {
            Timing = new Timing(time.Median, time.Low, time.High, samples.Length),
            ExactGflops = planned.ExactFlops / time.Median,
            ExecutedGflops = sampled.ExecutedFlops / time.Median,
            DenseGflops = planned.Problem.DenseFlops / time.Median,
            GigabytesPerSecond = planned.Bytes / time.Median,
            Device = onDevice,
            Parts = planned.Threads == 1 ? PartShares.Of(planned.Kernel, data.Inputs(info, problem), time.Median / 1e9) : null,
            ScratchBytes = sampled.MemoryBytes,
            AllocatedBytesPerCall = sampled.AllocatedBytesPerCall,
            Errors = verdict.Errors,
        };
    }

    private static DeviceResult OnDevice(PlannedCase planned, double[] launches)
    {
        MedianInterval time = MedianInterval.Of(launches);
        return new DeviceResult
        {
            Timing = new Timing(time.Median, time.Low, time.High, launches.Length),
            ExactGflops = planned.ExactFlops / time.Median,
            DenseGflops = planned.Problem.DenseFlops / time.Median,
            GigabytesPerSecond = planned.Bytes / time.Median,
        };
    }
}
