using Kernels.Abstractions;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Machine;
using Kernels.Measurement.Watch;
using Kernels.Results;

namespace Kernels.Measurement.Comparison;

/// <summary>Measures the rows of a comparison in turn, and checks the outputs before and after the timing.</summary>
public sealed class RowMeasurement : IDisposable
{
    private readonly CompareRequest request;
    private readonly BenchmarkEngine engine = new();
    private readonly ProblemData data;
    private readonly CacheEviction? eviction;
    private readonly IReadOnlyDictionary<string, long> cacheBytes = CacheSizes.Read();

    /// <summary>Prepares to measure rows of <paramref name="request"/>.</summary>
    public RowMeasurement(CompareRequest request)
    {
        this.request = request;
        data = new ProblemData(request.References);
        eviction = request.Cold ? new CacheEviction() : null;
    }

    /// <summary>Why a row cannot be measured; null when it can.</summary>
    public static string? WhyNot(CompareRequest request, AttentionProblem problem, int threads) =>
        request.Kernels.Select(kernel => WhyNot(kernel, problem, threads, request.Cold) is { } reason ? $"{kernel.Info.Name}: {reason}" : null)
            .FirstOrDefault(reason => reason is not null);

    /// <summary>Measures a row. Failures of a kernel are reported in the row, not thrown.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public CompareRow Measure(NamedProblem problem, int threads, CancellationToken stop)
    {
        var row = new CompareRow
        {
            Problem = problem.Problem.ToString(),
            Shape = problem.Shape,
            Threads = threads,
            Status = CaseStatus.Unsupported,
        };
        if (WhyNot(request, problem.Problem, threads) is { } reason)
            return row with { Reason = reason };
        try
        {
            return OwnThread.Run(() => Begin(row, problem.Problem, threads, stop));
        }
        catch (TimingException fault)
        {
            return row with { Status = CaseStatus.Wrong, Reason = $"{fault.Kernel}: {fault.Message}" };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return row with { Status = CaseStatus.Failed, Reason = $"{error.GetType().Name}: {error.Message}" };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        engine.Dispose();
        data.Dispose();
        eviction?.Dispose();
    }

    private CompareRow Begin(CompareRow row, AttentionProblem problem, int threads, CancellationToken stop)
    {
        Aftermath.AwaitQuiet(stop);
        SampledKernel Sampled(Kernel kernel) => new(kernel, threads, data.Inputs(kernel.Info, problem), eviction, stop);
        using SampledKernel a = Sampled(request.A);
        using SampledKernel? b = request.B is null ? null : Sampled(request.B);
        return Measure(row, problem, a, b, stop);
    }

    private CompareRow Measure(CompareRow row, AttentionProblem problem, SampledKernel a, SampledKernel? b, CancellationToken stop)
    {
        SampledKernel[] all = b is null ? [a] : [a, b];
        foreach (SampledKernel sampled in all)
        {
            stop.ThrowIfCancellationRequested();
            Pilot.WholeNs(sampled);
        }
        if (Wrong(row, problem, all) is { } wrong)
            return wrong;
        foreach ((Kernel kernel, SampledKernel sampled) in request.Kernels.Zip(all))
        {
            sampled.CompareWith(() => data.Expectation(kernel.Info, problem));
            // Samples of one call have new inputs each. The first call says nothing of those that follow.
            if (!request.Cold && Pilot.CallNs(sampled) < RoundPlan.NsPerSample)
                sampled.RequireNoMemory();
        }
        using var ceilings = new RoundCeilings(
            all.Max(each => each.Bytes), all.Min(each => each.ExactFlops), row.Threads, request.PeakBits, request.Cold, cacheBytes);
        IReadOnlyList<Round> rounds = Interleaving.Run(engine, a, b, ceilings, request.Rounds, request.Cold, stop);
        return Wrong(row, problem, all) ?? Possible(WithThreadsBusy(RoundStatistics.Of(row, a, b, ceilings, rounds)));
    }

    private CompareRow Possible(CompareRow row)
    {
        foreach ((Kernel kernel, ContestantResult contestant) in request.Kernels.Zip(row.Contestants))
        {
            KernelInfo info = kernel.Info;
            bool isFloat32 = info is { Format.Input: Element.Float32, Products: Element.Float32 };
            double? share = PhysicalLimit.Bounded(info.Operation.Name, isFloat32, contestant.PeakShare?.Median, contestant.ExecutedPeakShare?.Median);
            if (PhysicalLimit.WhyNot(share) is { } reason)
                return row with { Status = CaseStatus.Failed, Reason = $"{info.Name}: {reason}", Contestants = [], Ratio = null, Faster = null };
        }
        return row;
    }

    private CompareRow WithThreadsBusy(CompareRow row) => row with
    {
        Contestants =
        [
            .. row.Contestants.Zip(request.Kernels, (contestant, kernel) =>
                kernel.Backend?.ThreadsBusy.TryGetValue(row.Threads, out double busy) == true ? contestant with { ThreadsBusy = busy } : contestant),
        ],
    };

    private static string? WhyNot(Kernel kernel, AttentionProblem problem, int threads, bool cold)
    {
        if ((kernel.WhyNot(problem) ?? FairConditions.WhyNot(kernel, threads, cold)) is { } reason)
            return reason;
        return CaseMemory.WhyNot(kernel, threads, problem, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    private CompareRow? Wrong(CompareRow row, AttentionProblem problem, ISampled[] all)
    {
        foreach ((Kernel kernel, ISampled sampled) in request.Kernels.Zip(all))
            if (sampled.Check(data.Expectation(kernel.Info, problem)) is { Passed: false } verdict)
                return row with { Status = CaseStatus.Wrong, Reason = $"{sampled.Name} is wrong: {verdict.Message}" };
        return null;
    }
}
