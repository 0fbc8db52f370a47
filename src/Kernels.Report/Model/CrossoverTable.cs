using Kernels.Abstractions;

namespace Kernels.Report.Model;

/// <summary>Each family's best float32 kernel against the best dense softmax kernel, over the lengths of the main sweeps.</summary>
public static class CrossoverTable
{
    // Masks of dense attention; every other mask is a sparse pattern that replaces one of these.
    private static readonly string[] Unsparse = [AttentionMask.Full.Name, AttentionMask.Causal.Name, AttentionMask.CausalTopLeft.Name];

    /// <summary>The rows, by sweep and family; peers have a row each.</summary>
    public static IReadOnlyList<Row> Rows(ReportData data) =>
        [.. data.MainSweeps.Where(sweep => sweep.Key.Workload == Workload.Softmax).SelectMany(sweep => Rows(data, sweep))];

    private static IEnumerable<Row> Rows(ReportData data, Sweep sweep)
    {
        List<ReportCase> cases = [.. sweep.Lines.SelectMany(line => line.Points)];
        var challengers =
            from shown in cases
            group shown by (shown.Family, shown.Workload.Operation, Peer: shown.IsPeer ? shown.Result.Kernel : null);
        foreach (var challenger in challengers)
        {
            var own = new TimeCurve(challenger);
            IEnumerable<ReportCase> Others(IEnumerable<ReportCase> all) =>
                all.Where(Families.IsDense).Where(shown => shown.Family != challenger.Key.Family);
            if (Crossover.Between(own, new TimeCurve(Others(cases))) is { } same)
                yield return new Row(sweep, challenger.Key.Family, same, "");
            if (Families.IsDense(challenger.First()) || Unsparse.Contains(sweep.Key.Mask))
                continue;
            string dense = SeesNoLaterKey(challenger.First().Problem!) ? AttentionMask.Causal.Name : AttentionMask.Full.Name;
            if (With(data, sweep, dense) is { } whole
                && Crossover.Between(own, new TimeCurve(Others(whole.Lines.SelectMany(line => line.Points)))) is { } without)
                yield return new Row(sweep, challenger.Key.Family, without, $" under the {dense} mask");
        }
    }

    // A pattern that hides later keys replaces causal attention, every other pattern full attention.
    private static bool SeesNoLaterKey(AttentionProblem problem) =>
        Enumerable.Range(0, problem.Queries).All(query => problem.KeyStart + problem.VisibleKeys(query).End <= problem.QueryStart + query + 1);

    private static Sweep? With(ReportData data, Sweep sweep, string mask) =>
        data.Sweeps.FirstOrDefault(other => other.Run == sweep.Run && other.Key == sweep.Key with { Mask = mask });

    /// <summary>A family against the best dense kernel outside it.</summary>
    /// <param name="Sweep">The sweep.</param>
    /// <param name="Family">The family.</param>
    /// <param name="Crossover">The comparison.</param>
    /// <param name="Condition">How the problem of the reference differs; empty when it is the same.</param>
    public sealed record Row(Sweep Sweep, string Family, Crossover Crossover, string Condition)
    {
        /// <summary>The kernels of the family that are its fastest at some length.</summary>
        public IReadOnlyList<string> Challengers => Names(Crossover.Challengers);

        /// <summary>The operation that they compute; null where the run does not list them.</summary>
        public string? Operation => Crossover.Challengers[0].Kernel?.Operation;

        /// <summary>Whether the family is dense itself, or a peer.</summary>
        public bool IsOfDenseFamily => Crossover.Challengers[0].IsPeer || Families.IsDense(Family);

        /// <summary>The kernels that it is compared with.</summary>
        public IReadOnlyList<string> References => Names(Crossover.References);

        private static IReadOnlyList<string> Names(IEnumerable<ReportCase> cases) => [.. cases.Select(shown => shown.Result.Kernel).Distinct()];
    }
}
