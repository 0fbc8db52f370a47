using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>
/// What a machine can have measured. A results file may hold any number, and axes that reach to 10³⁰⁰ would show nothing else.
/// </summary>
internal static class Plausible
{
    // A hundredth of a nanosecond to four months; rates and shares up to what no machine does.
    private const double ShortestNs = 1e-2, LongestNs = 1e16, MostRate = 1e12;

    /// <summary>Whether a rate or share is at all possible.</summary>
    public static bool Rate(double rate) => rate is >= 0 and <= MostRate;

    /// <summary>A figure of a case that is not possible, in words; null when there is none.</summary>
    public static string? WhyNot(CaseResult result)
    {
        foreach (Timing? timing in new[] { result.Timing, result.Device?.Timing })
        {
            if (timing is not null && (timing.LowNs < ShortestNs || timing.HighNs > LongestNs))
                return $"a time of {timing.LowNs:g3} to {timing.HighNs:g3} ns";
        }
        double?[] rates =
        [
            result.ExactGflops, result.DenseGflops, result.ExecutedGflops, result.GigabytesPerSecond, result.CeilingShare, result.ExecutedShare,
            result.BandwidthShare, result.Device?.ExactGflops, result.Device?.DenseGflops, result.Device?.GigabytesPerSecond,
            result.Device?.CeilingShare, result.Device?.BandwidthShare,
        ];
        return rates.FirstOrDefault(rate => rate is { } given && !Rate(given)) is { } wrong
            ? $"a rate or share of {wrong:g3}"
            : null;
    }
}
