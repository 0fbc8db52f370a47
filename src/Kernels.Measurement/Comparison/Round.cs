namespace Kernels.Measurement.Comparison;

/// <summary>
/// One round of a comparison: samples of A, B, A, and the ceilings before and after. B lies between two samples of A, so that a linear
/// drift over the round, such as that of the clock, cancels in the ratio.
/// </summary>
/// <param name="FirstNs">A before B, nanoseconds a call.</param>
/// <param name="OtherNs">B; null when A is measured alone.</param>
/// <param name="SecondNs">A after B.</param>
/// <param name="PeakGflops">Multiply-add peak, mean of the probes before and after the round; null without vector instructions.</param>
/// <param name="ReadGigabytesPerSecond">Read bandwidth, likewise; null where it does not bound the problem.</param>
internal sealed record Round(double FirstNs, double? OtherNs, double SecondNs, double? PeakGflops, double? ReadGigabytesPerSecond)
{
    /// <summary>Time of A: the geometric mean of both samples.</summary>
    public double Ns => Math.Sqrt(FirstNs * SecondNs);
}
