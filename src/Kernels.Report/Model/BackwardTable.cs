namespace Kernels.Report.Model;

/// <summary>
/// The rate of each family's fastest backward pass, divided by that of its fastest forward pass of the same attention, on the same problem with as many
/// threads; for softmax attention, one that writes the log-sum-exps. Rates are of exact operations, 2.5 times as many backward: under softmax where
/// keys and values are equally wide, with a state where heads share no keys.
/// </summary>
public static class BackwardTable
{
    /// <summary>A row for each sweep and family; each library among the peers is a family.</summary>
    public static IReadOnlyList<Row> Rows(ReportData data) =>
    [
        .. from sweep in data.Sweeps
           where sweep.Key.Workload.IsFloat32 && sweep.Key.Workload.KnownOperation is { Forward: not null }
           let forward = sweep.Key.Workload with { Operation = sweep.Key.Workload.KnownOperation!.Forward!.Name }
           from family in sweep.Lines.SelectMany(line => line.Points).GroupBy(FamilyOf)
           let rates = family.GroupBy(SweepKey.Length).Select(same => RateOf(data, forward, same.MinBy(shown => shown.Nanoseconds)!)).OfType<Rate>().ToList()
           where rates.Count > 0
           select new Row(sweep, family.Key, rates),
    ];

    private static string FamilyOf(ReportCase shown) => shown is { IsPeer: true, Kernel.Version: { } library } ? library : shown.Family;

    private static Rate? RateOf(ReportData data, Workload forward, ReportCase gradients)
    {
        ReportCase? output = data.Measured
            .Where(shown => shown.Workload == forward && shown.Run == gradients.Run && shown.Result.Problem == gradients.Result.Problem
                && shown.Result.Threads == gradients.Result.Threads && FamilyOf(shown) == FamilyOf(gradients))
            .MinBy(shown => shown.Nanoseconds);
        return gradients.Result.ExactGflops is { } rate && output?.Result.ExactGflops is > 0 and var before ? new(gradients, output, rate / before) : null;
    }

    /// <summary>A family over the lengths of a sweep.</summary>
    /// <param name="Sweep">The sweep of the backward passes.</param>
    /// <param name="Family">The family, or library and version of a peer.</param>
    /// <param name="Rates">By ascending length, at least one.</param>
    public sealed record Row(Sweep Sweep, string Family, IReadOnlyList<Rate> Rates)
    {
        /// <summary>The rate at a length; null where one of the two passes was not measured.</summary>
        public Rate? At(int length) => Rates.FirstOrDefault(rate => SweepKey.Length(rate.Backward) == length);
    }

    /// <summary>The two passes of a family on one problem.</summary>
    /// <param name="Backward">The backward pass.</param>
    /// <param name="Forward">The forward pass.</param>
    /// <param name="Value">Quotient of their rates.</param>
    public sealed record Rate(ReportCase Backward, ReportCase Forward, double Value);
}
