using Kernels.Report.Formatting;

namespace Kernels.Report.Model;

/// <summary>A length at which one curve of times crosses another.</summary>
/// <param name="IsAhead">Whether the challenger is faster beyond it.</param>
/// <param name="Length">The length, between measured ones.</param>
/// <param name="Low">The shortest that the intervals of the times allow.</param>
/// <param name="High">The longest that they allow.</param>
public sealed record Crossing(bool IsAhead, double Length, double Low, double High)
{
    /// <summary>In words: from N ≈ 812 (640–1020).</summary>
    public override string ToString() =>
        $"{(IsAhead ? "ahead from" : "behind from")} N\u00A0≈\u00A0{Text(Length)} ({Text(Low)}–{Text(High)})";

    // An interpolated length has no more than three significant digits.
    private static string Text(double length)
    {
        double unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(length)) - 2));
        return Numbers.Length(Math.Round(length / unit) * unit);
    }
}
