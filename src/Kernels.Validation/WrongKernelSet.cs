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
    /// Runs all of them through the same gate as other kernels, once in a process; the cache may be shared with those.
    /// </summary>
    public static ValidatorScore Score(ReferenceCache cache, IProgress<GateProgress>? progress = null) => known ??= TryAll(cache, progress);

    /// <summary>Runs one of them through the quick gate until it fails.</summary>
    internal static WrongKernelResult Try(WrongKernel wrong, ReferenceCache cache)
    {
        var options = new GateOptions { Cases = GateCases.Of(GateDepth.Quick), Cache = cache, StopAtFirstFailure = true };
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
