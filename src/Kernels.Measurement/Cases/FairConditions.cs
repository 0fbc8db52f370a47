using Kernels.Abstractions;

namespace Kernels.Measurement.Cases;

/// <summary>Keeps kernels from being measured beside others under conditions that are not the same for both.</summary>
public static class FairConditions
{
    /// <summary>
    /// Why the kernel is not measured beside others on this many threads, or with cold caches; null when it is. A device takes no heed of
    /// threads, and one made of the processor uses all of it: beside kernels on fewer it would look faster than it is. The threads of a
    /// peer cannot be kept awake while its caches are emptied, so it would pay for waking them where others do not.
    /// Times of an emulator mean nothing anywhere.
    /// </summary>
    public static string? WhyNot(Kernel kernel, int threads, bool cold) =>
        kernel.Backend is not { } backend ? null
        : backend.IsEmulated ? $"runs on {backend.Name}, which imitates a device: checked, and not timed"
        : !backend.TakesThreads && threads < Environment.ProcessorCount
            ? $"runs on {backend.Name}, whatever the threads: measured beside all {Environment.ProcessorCount} threads only"
        : cold && backend.TimesItself ? "runs in a process of its own: measured with warm caches only" : null;
}
