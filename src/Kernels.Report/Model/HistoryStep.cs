using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>One case from one run to the next that measured it.</summary>
/// <param name="Case">The case.</param>
/// <param name="From">Index of the earlier run.</param>
/// <param name="Run">Index of the later run.</param>
/// <param name="Change">The change by the rule for two runs.</param>
/// <param name="Past">Number of earlier steps of the case.</param>
/// <param name="Limit">
/// Q3 + 3·IQR of the sizes of these steps: what is beyond it is an outlier among the case's own changes. Null with fewer than
/// <see cref="FewestPast"/>.
/// </param>
public sealed record HistoryStep(RunComparison.Row Case, int From, int Run, CaseChange Change, int Past, double? Limit)
{
    /// <summary>Quartiles of fewer steps have no two values beyond each of them.</summary>
    public const int FewestPast = 8;

    /// <summary>The relative difference of the times, of the longer to the shorter.</summary>
    public double Size { get; } = SizeOf(Change);

    /// <summary>Whether it is beyond the noise of the two runs and, where enough is known of the past, beyond its limit.</summary>
    public bool Counts => Change.Verdict != ChangeVerdict.Same && Size > (Limit ?? 0);

    /// <summary>The steps of a case, oldest first.</summary>
    public static IEnumerable<HistoryStep> Of(RunComparison.Row row)
    {
        int[] measured = [.. Enumerable.Range(0, row.Cases.Count).Where(run => row.Cases[run] is not null)];
        var past = new List<double>();
        foreach ((int from, int to) in measured.Zip(measured.Skip(1)))
        {
            CaseChange change = RunComparison.Change(row, from, to);
            yield return new HistoryStep(row, from, to, change, past.Count, past.Count < FewestPast ? null : LimitOf(past));
            past.Add(SizeOf(change));
        }
    }

    private static double SizeOf(CaseChange change) => Math.Max(change.Ratio!.Value.Median, 1 / change.Ratio.Value.Median) - 1;

    private static double LimitOf(IEnumerable<double> sizes)
    {
        double[] sorted = [.. sizes.Order()];
        double upper = Quantile.Of(sorted, 0.75);
        return upper + 3 * (upper - Quantile.Of(sorted, 0.25));
    }
}
