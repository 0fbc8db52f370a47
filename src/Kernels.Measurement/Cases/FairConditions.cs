using Kernels.Abstractions;

namespace Kernels.Measurement.Cases;

/// <summary>Excludes cases in which kernels would be compared under unequal conditions.</summary>
public static class FairConditions
{
    /// <summary>
    /// Why the kernel is not measured beside others on this many threads, or with cold caches; null when it is. A device ignores the number
    /// of threads, and a CPU device uses all processors, so beside kernels on fewer threads it would look too fast. The threads of a peer
    /// cannot be kept awake while its caches are emptied, so its cold time would include waking them. Times of an emulator are meaningless.
    /// </summary>
    public static string? WhyNot(Kernel kernel, int threads, bool cold) =>
        kernel.Backend is not { } backend ? null
        : backend.IsEmulated ? $"runs on {backend.Name}, an emulated device: checked, not timed"
        : !backend.TakesThreads && threads < Environment.ProcessorCount
            ? $"runs on {backend.Name}, independent of the number of threads: measured beside all {Environment.ProcessorCount} threads only"
        : cold && backend.TimesItself ? "runs in a separate process: measured with warm caches only" : null;
}
