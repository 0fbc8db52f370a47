namespace Kernels.Report.Model;

/// <summary>Exponents r of time ∝ dʳ of the parts of a layer, at one length and number of heads, where the width is that of all heads together.</summary>
/// <param name="Run">The run.</param>
/// <param name="Kernel">The layer.</param>
/// <param name="Length">Tokens.</param>
/// <param name="Words">Heads and mask in words.</param>
/// <param name="Points">By ascending head dimension, at least three.</param>
public sealed record HeadDimLaw(ReportRun Run, string Kernel, int Length, string Words, IReadOnlyList<(int HeadDim, PartLine.Point Parts)> Points)
{
    /// <summary>Every layer that a run measured at three head dimensions or more.</summary>
    public static IReadOnlyList<HeadDimLaw> All(ReportData data) =>
    [
        .. from shown in data.Measured
           where shown.Problem is not null && shown.Result.Parts is { Count: > 1 }
           let key = SweepKey.Of(shown)
           group shown by (shown.Run, shown.Result.Kernel, Length: SweepKey.Length(shown),
               Key: key with { HeadDim = 0, ValueDim = 0, Widths = "", Scale = null }) into same
           let points = same.GroupBy(shown => shown.Problem!.HeadDim).OrderBy(dim => dim.Key).Select(dim => (dim.Key, PartLine.Point.Of(dim.First())!)).ToList()
           where points.Count >= 3
           select new HeadDimLaw(same.Key.Run, same.Key.Kernel, same.Key.Length, $"{same.Key.Key.HeadWords}, {same.Key.Key.Mask} mask", points),
    ];

    /// <summary>The head dimensions, such as 16…256.</summary>
    public string HeadDims => $"{Points[0].HeadDim}…{Points[^1].HeadDim}";

    /// <summary>The exponent of a part; null where it has none.</summary>
    public double? Exponent(string part) =>
        PowerLaw.Exponent([.. Points.Select(point => ((double)point.HeadDim, point.Parts.Nanoseconds * point.Parts[part])).Where(point => point.Item2 > 0)]);
}
