using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>Where the time of a layer, or of a whole model, goes over several lengths.</summary>
/// <param name="Sweep">The sweep of the layer.</param>
/// <param name="Kernel">The layer's kernel.</param>
/// <param name="Model">The sum in words, such as 12 × layers-tiled-encoder-layer + embedding + vocabulary; null for one layer.</param>
/// <param name="Points">By ascending length, at least two.</param>
public sealed record PartLine(Sweep Sweep, string Kernel, string? Model, IReadOnlyList<PartLine.Point> Points)
{
    /// <summary>Name of the attention.</summary>
    public const string Attention = "attention";

    /// <summary>Name of the feed-forward network.</summary>
    public const string FeedForward = "feed-forward";

    /// <summary>Name of the products of attention with its matrices.</summary>
    public const string Projections = "projections";

    /// <summary>Exponents are of lengths from this on; the calls on shorter ones are bound by fixed costs and by reading the weights.</summary>
    public const int From = 512;

    /// <summary>The model or sweep that the shape comes from, as tab and heading.</summary>
    public string Title => Sweep.Key.Shape ?? Sweep.Key.Name;

    /// <summary>
    /// The length from which attention takes more time than the feed-forward network, between measured lengths as power laws; null where it does not cross
    /// within them, or where one of the two is missing.
    /// </summary>
    public double? Crossing
    {
        get
        {
            for (int i = 1; i < Points.Count; i++)
            {
                double before = Lead(Points[i - 1]), after = Lead(Points[i]);
                if (before >= 0 || after < 0 || !double.IsFinite(before) || !double.IsFinite(after))
                    continue;
                double from = Math.Log(Points[i - 1].Length), to = Math.Log(Points[i].Length);
                return Math.Exp(from + (to - from) * before / (before - after));
            }
            return null;
        }
    }

    /// <summary>The crossing in words; empty where attention or feed-forward network is missing.</summary>
    public string Outcome => Points.Any(point => point[Attention] == 0 || point[FeedForward] == 0) ? ""
        : Crossing is { } length ? $"at N\u00A0≈\u00A0{length:f0}"
        : Lead(Points[0]) >= 0 ? $"ahead at N\u00A0=\u00A0{Points[0].Length} already"
        : $"never within N\u00A0=\u00A0{Points[0].Length}…{Points[^1].Length}";

    /// <summary>Exponent p of time ∝ Nᵖ of some parts together, over the lengths from <see cref="From"/> on; null where they are fewer than two.</summary>
    public double? Exponent(params string[] parts) => PowerLaw.Exponent(
        [.. Points.Where(point => point.Length >= From)
            .Select(point => ((double)point.Length, point.Nanoseconds * parts.Sum(part => point[part]))).Where(point => point.Item2 > 0)]);

    // Of the logarithms, because the ratio grows with a power of the length.
    private static double Lead(Point point) => Math.Log(point[Attention] / point[FeedForward]);

    /// <summary>The parts at one length.</summary>
    /// <param name="Length">Tokens.</param>
    /// <param name="Nanoseconds">Of all parts.</param>
    /// <param name="Parts">Their shares, which sum to 1.</param>
    public sealed record Point(int Length, double Nanoseconds, IReadOnlyList<PartShare> Parts)
    {
        /// <summary>The share of a part; 0 for one that it has not.</summary>
        public double this[string part] => Parts.Where(each => each.Part == part).Sum(each => each.Share);

        /// <summary>The parts of a case; null where it tells none.</summary>
        public static Point? Of(ReportCase shown) =>
            shown.Result.Parts is { Count: > 0 } parts ? new(SweepKey.Length(shown), shown.Nanoseconds, parts) : null;

        /// <summary>Parts that are computed one after another.</summary>
        /// <param name="times">Each with the number of times that it is computed; at least one.</param>
        public static Point Sum(IReadOnlyList<(Point Point, int Times)> times)
        {
            double all = times.Sum(each => each.Times * each.Point.Nanoseconds);
            return new(times[0].Point.Length, all,
            [
                .. from each in times
                   from part in each.Point.Parts
                   group each.Times * each.Point.Nanoseconds * part.Share by part.Part into same
                   select new PartShare(same.Key, same.Sum() / all),
            ]);
        }
    }
}
