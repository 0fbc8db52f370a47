namespace Kernels.Results;

/// <summary>Signs in the figures themselves that the machine changed or did something else while it was measured.</summary>
internal static class Disturbances
{
    // An interval of ±10 % is wider than most differences between neighbouring kernels; a quiet run has few of them.
    private const double WideInterval = 0.1, MostWide = 0.1;

    // A comparison of a kernel with itself on a quiet machine differs by one or two percent.
    private const double HighestFloor = 0.05;

    /// <summary>Peaks that moved, or that are lower with more threads.</summary>
    public static IEnumerable<Warning> Of(Ceilings? ceilings)
    {
        if (ceilings is null)
            return [];
        // Earlier files tell of one thread alone, and its change speaks for all.
        var moved =
            from peak in ceilings.FmaPeaks.GroupBy(peak => peak.Threads).Select(same => same.MaxBy(peak => peak.Gflops)!)
            where ceilings.SteadyPeakGflops(peak.Threads) is null && ceilings.Drift(peak) is not null
            let drift = ceilings.Drift(peak)!.Value
            let how = drift < 0 ? "fell" : "rose"
            select Text($"the multiply-add peak of {Count(peak.Threads)} {how} by {Math.Abs(drift):0.# %} from start to end: no share of it is shown");
        return moved.Concat(Of(ceilings.FmaPeaks));
    }

    /// <summary>Peaks that are lower with more threads.</summary>
    public static IEnumerable<Warning> Of(IReadOnlyList<FmaPeak> peaks)
    {
        // With two threads a core and a lower clock under load, a thread has at least a quarter of what one alone has.
        const double LeastShare = 0.25;
        Dictionary<int, double> best = peaks.GroupBy(peak => peak.Threads).ToDictionary(same => same.Key, same => same.Max(peak => peak.Gflops));
        return !best.TryGetValue(1, out double one) ? [] :
            from peak in best
            where peak.Key > 1 && peak.Value < one * Math.Max(1, LeastShare * peak.Key)
            select Text(
                $"the multiply-add peak of {Count(peak.Key)} is {peak.Value:0.#} GFLOP/s, that of one {one:0.#}: the threads had no processors of their own");
    }

    /// <summary>Cases that are faster than the peak, have wide intervals, or have no time.</summary>
    public static IEnumerable<Warning> Of(RunResults run)
    {
        IReadOnlyList<CaseResult> cases = run.Cases;
        double[] above =
            [.. cases.Select(result => PhysicalLimit.Bounded(result, run.Kernel(result.Kernel)) ?? 0).Where(share => share > PhysicalLimit.MostShare)];
        if (above.Length > 0)
        {
            string count = above.Length == 1 ? "1 case is" : $"{above.Length} cases are";
            yield return Text($"{count} above the multiply-add peak, by up to {above.Max() - 1:0 %}: it was measured too low");
        }
        double[] intervals =
            [.. cases.Select(result => result.Timing).OfType<Timing>().Select(time => new MedianInterval(time.MedianNs, time.LowNs, time.HighNs).HalfWidth())];
        int wide = intervals.Count(interval => interval > WideInterval);
        if (wide > MostWide * intervals.Length)
            yield return Text($"the interval of {wide} of {intervals.Length} times is wider than ±{WideInterval:0 %}, up to ±{intervals.Max():0 %}");
        (string Problem, int Threads)[] lost =
        [
            .. from result in cases
               group result by (Problem: result.Shape ?? result.Problem, result.Threads) into same
               where same.All(result => result.Timing is null) && same.Any(result => result.Status is CaseStatus.Skipped or CaseStatus.Timeout)
               select same.Key,
        ];
        if (lost.Length > 0)
        {
            string more = lost.Length > 1 ? $" and {lost.Length - 1} more" : "";
            yield return Text(
                $"no kernel was measured on {OneLine.Quote(lost[0].Problem)} with {Count(lost[0].Threads)}{more}: all were skipped or took too long");
        }
    }

    /// <summary>Rows in which a kernel differs from itself.</summary>
    public static IEnumerable<Warning> Of(IReadOnlyList<CompareRow> rows) =>
        from row in rows
        where row.NoiseFloor > HighestFloor
        select Text($"{row.Problem} with {Count(row.Threads)}: a kernel differs from itself by {row.NoiseFloor:0.# %}");

    private static string Count(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    private static Warning Text(string text) => new(WarningKind.Disturbance, text);
}
