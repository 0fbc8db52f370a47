using SkiaSharp;

namespace Kernels.Report.Attend;

/// <summary>
/// Colours of weights in page and picture: one hue whose lightness changes in one direction, so that the order of weights is also seen
/// in grey and by people who do not see all colours.
/// </summary>
internal static class WeightColours
{
    /// <summary>
    /// The colour of a weight w is at (w / largest)^Power of the way through the colours: differences among small weights, which most are,
    /// are seen.
    /// </summary>
    public const double Power = 0.6;

    /// <summary>More keys than these are a long text.</summary>
    public const int LongText = 40;

    private static readonly string[] light = ["#ffffff", "#dbe8f6", "#9cc3e6", "#4c8bc9", "#12529b", "#062a57"];

    private static readonly string[] dark = ["#181c25", "#1c3452", "#225a92", "#3d8bd0", "#86c2f6", "#e2f2ff"];

    private static readonly SKColor[] stops = [.. light.Select(SKColor.Parse)];

    /// <summary>The colours as CSS variables <c>--w0</c> … <c>--w5</c>.</summary>
    public static string Css =>
        $":root{{{Variables(light)}}}@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{Variables(dark)}}}}}"
        + $"@media screen{{:root[data-theme=dark]{{{Variables(dark)}}}}}\n";

    /// <summary>The light colour of a weight as a share of the largest, 0 to 1.</summary>
    public static SKColor Of(double share)
    {
        double place = Math.Pow(Math.Clamp(share, 0, 1), Power) * (stops.Length - 1);
        int below = Math.Min((int)place, stops.Length - 2);
        (SKColor a, SKColor b, double part) = (stops[below], stops[below + 1], place - below);
        byte Mix(byte from, byte to) => (byte)Math.Round(from + (to - from) * part);
        return new SKColor(Mix(a.Red, b.Red), Mix(a.Green, b.Green), Mix(a.Blue, b.Blue));
    }

    /// <summary>The weight of a row that has the darkest colour: 1; in a long text, where few are near it, the row's largest.</summary>
    public static double Darkest(ReadOnlySpan<double> row)
    {
        double largest = 0;
        foreach (double weight in row)
            largest = Math.Max(largest, weight);
        return row.Length > LongText ? largest : 1;
    }

    private static string Variables(string[] colours) => string.Concat(colours.Select((colour, index) => $"--w{index}:{colour};"));
}
