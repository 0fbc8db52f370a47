namespace Kernels.Report.Model;

/// <summary>
/// Lengths at which one curve of times overtakes another. Between measured lengths both are interpolated as power laws; there is no
/// extrapolation. A crossing counts only between two lengths at which the intervals do not overlap, so that noise makes none.
/// </summary>
public sealed class Crossover
{
    private readonly double[] logLengths;

    private Crossover(TimeCurve challenger, TimeCurve reference, int[] lengths)
    {
        Lengths = lengths;
        Challengers = [.. lengths.Select(length => challenger[length])];
        References = [.. lengths.Select(length => reference[length])];
        Ratios = [.. Challengers.Zip(References, Ratio.Of)];
        logLengths = [.. lengths.Select(length => Math.Log(length))];
        Crossings = [.. FindCrossings()];
    }

    /// <summary>Lengths at which both were measured, ascending, at least one.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>The challenger's fastest case at each of them.</summary>
    public IReadOnlyList<ReportCase> Challengers { get; }

    /// <summary>The fastest case that it is compared with, at each of them.</summary>
    public IReadOnlyList<ReportCase> References { get; }

    /// <summary>How many times as fast the challenger is at each of them.</summary>
    public IReadOnlyList<Ratio> Ratios { get; }

    /// <summary>Where it overtakes or falls behind, by ascending length.</summary>
    public IReadOnlyList<Crossing> Crossings { get; }

    /// <summary>The result in a few words.</summary>
    public string Outcome => (Crossings.Count, Ratios.Any(IsSurelyAhead), Ratios.Any(IsSurelyBehind)) switch
    {
        ( > 0, _, _) => string.Join(", ", Crossings),
        (_, true, _) => Ratios.All(IsSurelyAhead) ? $"ahead at {Range}" : $"ahead or level at {Range}",
        (_, _, true) => Ratios.All(IsSurelyBehind) ? $"never within {Range}" : $"behind or level at {Range}",
        _ => $"level within the noise at {Range}",
    };

    private string Range => Lengths.Count == 1 ? $"N\u00A0=\u00A0{Lengths[0]}" : $"N\u00A0=\u00A0{Lengths[0]}…{Lengths[^1]}";

    /// <summary>Compares two curves; null when no length was measured of both.</summary>
    public static Crossover? Between(TimeCurve challenger, TimeCurve reference)
    {
        int[] common = [.. challenger.Lengths.Intersect(reference.Lengths)];
        return common.Length == 0 ? null : new Crossover(challenger, reference, common);
    }

    private static bool IsSurelyAhead(Ratio ratio) => ratio.Low > 1;

    private static bool IsSurelyBehind(Ratio ratio) => ratio.High < 1;

    private IEnumerable<Crossing> FindCrossings()
    {
        int? last = null;
        for (int index = 0; index < Ratios.Count; index++)
        {
            bool ahead = IsSurelyAhead(Ratios[index]);
            if (!ahead && !IsSurelyBehind(Ratios[index]))
                continue;
            if (last is { } before && IsSurelyAhead(Ratios[before]) != ahead)
                yield return CrossingBetween(before, index, ahead);
            last = index;
        }
    }

    private Crossing CrossingBetween(int before, int after, bool ahead)
    {
        // Lead of the curve that gets ahead, and the largest and smallest lead that the intervals allow.
        double[] Lead(Func<Ratio, double> whenAhead, Func<Ratio, double> whenBehind) =>
            [.. Ratios.Select(ratio => ahead ? Math.Log(whenAhead(ratio)) : -Math.Log(whenBehind(ratio)))];
        double[] most = Lead(ratio => ratio.High, ratio => ratio.Low);
        double[] least = Lead(ratio => ratio.Low, ratio => ratio.High);
        double[] lead = Lead(ratio => ratio.Value, ratio => ratio.Value);
        IEnumerable<int> segments = Enumerable.Range(before + 1, after - before);
        int Last(double[] values) => segments.Last(index => values[index - 1] <= 0 && values[index] > 0);
        return new(
            ahead, LengthOfZero(lead, Last(lead)),
            LengthOfZero(most, segments.First(index => most[index - 1] <= 0 && most[index] > 0)), LengthOfZero(least, Last(least)));
    }

    private double LengthOfZero(double[] values, int index)
    {
        double share = -values[index - 1] / (values[index] - values[index - 1]);
        return Math.Exp(logLengths[index - 1] + share * (logLengths[index] - logLengths[index - 1]));
    }
}
