using Kernels.Abstractions;
using Kernels.Bench.PeerPrograms;

namespace Kernels.Bench.Measurement;

/// <summary>Keeps kernels from being measured beside others under conditions that are not the same for both.</summary>
internal static class FairConditions
{
    /// <summary>
    /// Why the kernel is not measured beside others on this many threads, or with cold caches; null when it is. A device takes no heed of
    /// threads, and one made of the processor uses all of it: beside kernels on fewer it would look faster than it is. The threads of a
    /// peer cannot be kept awake while its caches are emptied, so it would pay for waking them where others do not.
    /// Times of an emulator mean nothing anywhere.
    /// </summary>
    public static string? WhyNot(AttentionKernel kernel, int threads, bool cold) =>
        kernel is DeviceKernel { IsEmulated: true }
            ? $"runs on {kernel.Device}, which imitates a device: checked, and not timed"
        : kernel.Device is { } device && threads < Environment.ProcessorCount
            ? $"runs on {device}, whatever the threads: measured beside all {Environment.ProcessorCount} threads only"
        : cold && kernel is PeerKernel ? "runs in a process of its own: measured with warm caches only" : null;
}
