using Kernels.Results;

namespace Kernels.Measurement.Runs;

/// <summary>Cases beside the ceilings of their run.</summary>
internal static class CeilingShares
{
    /// <summary>A case with its shares of the ceilings; without figures where they are more than the machine can reach.</summary>
    public static CaseResult Of(CaseResult result, RunResults run)
    {
        KernelResult? kernel = run.Kernel(result.Kernel);
        CaseResult shown = WithShares(result, kernel, run.Ceilings);
        return PhysicalLimit.WhyNot(shown, kernel, run) is { } reason
            ? shown.WithoutFigures(CaseStatus.Failed, reason) with { Fault = TimingFault.TooFast }
            : shown;
    }

    // These ceilings are of the processor; a device has its own peaks.
    private static CaseResult WithShares(CaseResult result, KernelResult? kernel, Ceilings? ceilings) =>
        kernel is { Device: not null } onDevice
            ? result with
            {
                CeilingShare = null,
                ExecutedShare = null,
                BandwidthShare = null,
                Device = result.Device is not { } device ? null : device with
                {
                    CeilingShare = device.ExactGflops / onDevice.DevicePeaks?.Gflops,
                    BandwidthShare = device.GigabytesPerSecond / onDevice.DevicePeaks?.CopyGigabytesPerSecond,
                },
            }
            : result with
            {
                CeilingShare = result.ExactGflops / ceilings?.SteadyPeakGflops(result.Threads),
                ExecutedShare = result.ExecutedGflops / ceilings?.SteadyPeakGflops(result.Threads),
                BandwidthShare = result.GigabytesPerSecond / ceilings?.Feeding(result.NecessaryBytes ?? 0, result.Threads)?.GigabytesPerSecond,
            };
}
