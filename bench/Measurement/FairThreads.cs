using Kernels.Abstractions;

namespace Kernels.Bench.Measurement;

/// <summary>Keeps kernels that use the whole machine whatever the threads away from those that use a part of it.</summary>
internal static class FairThreads
{
    /// <summary>
    /// Why the kernel is not measured beside others on this many threads; null when it is. A device takes no heed of threads, and one made
    /// of the processor uses all of it: beside kernels on fewer it would look faster than it is.
    /// </summary>
    public static string? WhyNot(AttentionKernel kernel, int threads) =>
        kernel.Device is { } device && threads < Environment.ProcessorCount
            ? $"runs on {device}, whatever the threads: measured beside all {Environment.ProcessorCount} threads only"
            : null;
}
