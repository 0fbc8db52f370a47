namespace Kernels.Bench.Report.Model;

/// <summary>Each family's best kernel against the best dense one, over the lengths of the main sweeps.</summary>
public static class CrossoverTable
{
    // Masks of ordinary attention; every other one is a sparse pattern, which stands in for one of these.
    private static readonly string[] Unsparse = ["full", "causal", "causal-topleft"];

    /// <summary>The rows, by sweep and family; peers have a row each.</summary>
    public static IReadOnlyList<Row> Rows(ReportData data) => [.. data.MainSweeps.SelectMany(sweep => Rows(data, sweep))];

    private static IEnumerable<Row> Rows(ReportData data, Sweep sweep)
    {
        List<ReportCase> cases = [.. sweep.Lines.SelectMany(line => line.Points)];
        var challengers =
            from shown in cases
            group shown by (shown.Family, shown.Kernel?.Definition, Peer: shown.IsPeer ? shown.Result.Kernel : null);
        foreach (var challenger in challengers)
        {
            var own = new TimeCurve(challenger);
            IEnumerable<ReportCase> Others(IEnumerable<ReportCase> all) =>
                all.Where(Families.IsDense).Where(shown => shown.Family != challenger.Key.Family);
            if (Crossover.Between(own, new TimeCurve(Others(cases))) is { } same)
                yield return new Row(sweep, challenger.Key.Family, same, "");
            if (Families.IsDense(challenger.First()) || Unsparse.Contains(sweep.Key.Mask) || Full(data, sweep) is not { } full)
                continue;
            if (Crossover.Between(own, new TimeCurve(Others(full.Lines.SelectMany(line => line.Points)))) is { } whole)
                yield return new Row(sweep, challenger.Key.Family, whole, " without the mask");
        }
    }

    private static Sweep? Full(ReportData data, Sweep sweep) =>
        data.Sweeps.FirstOrDefault(other => other.Run == sweep.Run && other.Key == sweep.Key with { Mask = Unsparse[0] });

    /// <summary>A family against the best dense kernel outside it.</summary>
    /// <param name="Sweep">The sweep.</param>
    /// <param name="Family">The family.</param>
    /// <param name="Crossover">The comparison.</param>
    /// <param name="Condition">What the reference does otherwise; empty when it computes the same problem.</param>
    public sealed record Row(Sweep Sweep, string Family, Crossover Crossover, string Condition)
    {
        /// <summary>The kernels of the family that are its fastest at some length.</summary>
        public string Challengers => Names(Crossover.Challengers);

        /// <summary>The kernels that it is compared with.</summary>
        public string References => Names(Crossover.References) + Condition;

        private static string Names(IEnumerable<ReportCase> cases) =>
            string.Join(", ", cases.Select(shown => shown.Result.Kernel).Distinct());
    }
}
