using Kernels.Abstractions;
using Kernels.Bench.Measurement.Machine;
using Kernels.Bench.PeerPrograms;
using Kernels.Bench.Results;
using Kernels.Bench.Suites;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Measurement.Comparison;

/// <summary>Measures one row of a comparison after the other, and checks what was timed before and after the timing.</summary>
internal sealed class RowMeasurement : IDisposable
{
    private readonly CompareRequest request;
    private readonly ProblemData data = new();
    private readonly CacheEviction? eviction;
    private readonly IReadOnlyDictionary<string, long> cacheBytes = CacheSizes.Read();

    /// <summary>Prepares to measure rows of <paramref name="request"/>.</summary>
    public RowMeasurement(CompareRequest request)
    {
        this.request = request;
        eviction = request.Cold ? new CacheEviction() : null;
    }

    /// <summary>Why a row cannot be measured; null when it can.</summary>
    public static string? WhyNot(CompareRequest request, AttentionProblem problem, int threads) =>
        request.Kernels.Select(kernel => WhyNot(kernel, problem, threads, request.Cold) is { } reason ? $"{kernel.Info.Name}: {reason}" : null)
            .FirstOrDefault(reason => reason is not null);

    /// <summary>Measures a row. Whatever a kernel does, the row says it.</summary>
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
            using IContestant a = Contestant(request.A, problem.Problem, threads, stop);
            using IContestant? b = request.B is null ? null : Contestant(request.B, problem.Problem, threads, stop);
            return Measure(row, problem.Problem, a, b, stop);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return row with { Status = CaseStatus.Failed, Reason = $"{error.GetType().Name}: {error.Message}" };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        data.Dispose();
        eviction?.Dispose();
    }

    private CompareRow Measure(CompareRow row, AttentionProblem problem, IContestant a, IContestant? b, CancellationToken stop)
    {
        IContestant[] all = b is null ? [a] : [a, b];
        foreach (IContestant contestant in all)
        {
            stop.ThrowIfCancellationRequested();
            contestant.Sample(1);
        }
        if (Wrong(row, all) is { } wrong)
            return wrong;
        using var ceilings = new RoundCeilings(
            problem, all.Min(each => each.ExactFlops), row.Threads, request.PeakBits, request.Cold, cacheBytes);
        IReadOnlyList<Round> rounds = Interleaving.Run(a, b, ceilings, request.Rounds, request.Cold, stop);
        return Wrong(row, all) ?? RoundStatistics.Of(row, problem, a, b, ceilings, rounds);
    }

    private static string? WhyNot(AttentionKernel kernel, AttentionProblem problem, int threads, bool cold)
    {
        if ((kernel.WhyNot(problem) ?? FairConditions.WhyNot(kernel, threads, cold)) is { } reason)
            return reason;
        using var team = new ThreadedKernel(kernel, threads);
        return CaseMemory.WhyNot(team, problem, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    private static CompareRow? Wrong(CompareRow row, IContestant[] all)
    {
        foreach (IContestant contestant in all)
            if (contestant.Check() is { Passed: false } verdict)
                return row with { Status = CaseStatus.Wrong, Reason = $"{contestant.Name} is wrong: {verdict.Message}" };
        return null;
    }

    private IContestant Contestant(AttentionKernel kernel, AttentionProblem problem, int threads, CancellationToken stop)
    {
        Expectation reference = data.Reference(kernel.Info, problem);
        return kernel is PeerKernel peer
            ? new PeerContestant(peer.OnThreads(threads), data.Inputs(problem), reference, stop)
            : new KernelContestant(kernel, threads, data.Inputs(problem), reference, eviction);
    }
}
