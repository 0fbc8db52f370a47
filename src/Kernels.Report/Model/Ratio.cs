using Kernels.Report.Formatting;
using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>Speed of one case relative to another of the same run.</summary>
/// <param name="Value">Quotient of the medians.</param>
/// <param name="Low">The least that the intervals of both medians allow.</param>
/// <param name="High">The most that they allow.</param>
public readonly record struct Ratio(double Value, double Low, double High)
{
    /// <summary>Time of <paramref name="other"/> divided by the time of <paramref name="faster"/>; above 1 the latter is faster.</summary>
    public static Ratio Of(ReportCase faster, ReportCase other)
    {
        Timing own = faster.Result.Timing!;
        Timing theirs = other.Result.Timing!;
        return new(theirs.MedianNs / own.MedianNs, theirs.LowNs / own.HighNs, theirs.HighNs / own.LowNs);
    }

    /// <summary>With its interval: 1.52× (1.49–1.55).</summary>
    public override string ToString() => $"{Numbers.Factor(Value)} ({Numbers.Significant(Low)}–{Numbers.Significant(High)})";
}
