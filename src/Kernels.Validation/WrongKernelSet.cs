using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>The gate's own test: kernels that are wrong on purpose and must be rejected for the right reason.</summary>
public static class WrongKernelSet
{
    // The score depends on the program alone, not on the run.
    private static ValidatorScore? known;

    /// <summary>All wrong kernels of the operations of this suite, without memory of earlier calls.</summary>
    public static IReadOnlyList<WrongKernel> Create() =>
        [.. Operations.All.SelectMany(operation => References.Suite.Of(operation).WrongKernels())];

    /// <summary>
    /// The verdicts on all of them, through the same gate as other kernels: those kept from an earlier run of this build, or else new ones,
    /// which are kept.
    /// </summary>
    /// <param name="cache">May be shared with other kernels.</param>
    /// <param name="progress">Reports each kernel.</param>
    /// <param name="afresh">Whether to run them even where verdicts are kept.</param>
    /// <exception cref="OperationCanceledException">The progress stopped it.</exception>
    public static ValidatorScore Score(ReferenceCache cache, IProgress<GateProgress>? progress = null, bool afresh = false)
    {
        if (known is null || (afresh && known.Kept is not null))
        {
            known = afresh ? null : KeptVerdicts.OfUser.Read();
            if (known is null)
                KeptVerdicts.OfUser.Write(known = TryAll(cache, progress));
        }
        return known;
    }

    /// <summary>Runs one of them through the quick gate until it fails.</summary>
    internal static WrongKernelResult Try(WrongKernel wrong, ReferenceCache cache)
    {
        // Most are written for clarity and allocate, which must not be the reason of the verdict.
        using var judge = new CaseJudge(cache) { ForbidsAllocation = wrong.Expected.Contains(FailureKind.Allocates) };
        var options = new GateOptions { Cases = GateCases.Of(GateDepth.Quick), Cache = cache, Judge = judge, StopAtFirstFailure = true };
        GateTally tally = GateRun.Tally(wrong.Kernel, options, progress: null);
        return new(
            wrong.Kernel.Info.Name, wrong.Kernel.Info.Idea, string.Join(" or ", wrong.Expected),
            tally.FirstFailure is { } kind && wrong.Expected.Contains(kind), tally.FailureMessage);
    }

    private static ValidatorScore TryAll(ReferenceCache cache, IProgress<GateProgress>? progress)
    {
        IReadOnlyList<WrongKernel> kernels = Create();
        var results = new WrongKernelResult[kernels.Count];
        int done = 0;
        try
        {
            Parallel.For(0, kernels.Count, i =>
            {
                results[i] = Try(kernels[i], cache);
                progress?.Report(new(results[i].Name, Interlocked.Increment(ref done), kernels.Count));
            });
        }
        catch (AggregateException stopped) when (stopped.InnerExceptions.All(each => each is OperationCanceledException))
        {
            // Parallel loops wrap cancellation; callers expect OperationCanceledException.
            throw new OperationCanceledException(stopped.InnerExceptions[0].Message, stopped);
        }
        return new(results.Count(result => result.Rejected), results.Length, results);
    }
}
