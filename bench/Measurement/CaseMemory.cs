using Kernels.Abstractions;

namespace Kernels.Bench.Measurement;

/// <summary>What a case needs of memory, known before anything is allocated.</summary>
internal static class CaseMemory
{
    // The rest is for the oracle's results, the runtime and the system.
    private const double UsableShare = 0.875;

    private const int FloatsPerCacheLine = 16;

    /// <summary>Floats of scratch to allocate: whole cache lines, so that the buffer starts on one.</summary>
    public static long ScratchFloats(AttentionKernel kernel, AttentionProblem problem) =>
        (kernel.ScratchLength(problem) + FloatsPerCacheLine - 1) / FloatsPerCacheLine * FloatsPerCacheLine;

    /// <summary>Why the case cannot be held in memory; null when it can.</summary>
    public static string? WhyNot(AttentionKernel kernel, AttentionProblem problem, long availableBytes)
    {
        long scratch = ScratchFloats(kernel, problem);
        if (scratch > int.MaxValue)
            return $"needs {scratch:N0} floats of scratch; a span holds at most {int.MaxValue:N0}";
        long bytes = problem.CompulsoryBytes + sizeof(float) * scratch;
        return bytes > UsableShare * availableBytes
            ? $"needs {Gibibytes(bytes)} GiB for inputs, output and scratch; this machine has {Gibibytes(availableBytes)} GiB"
            : null;
    }

    private static string Gibibytes(long bytes) => ((double)bytes / (1L << 30)).ToString("N1");
}
