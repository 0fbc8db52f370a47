namespace Kernels.Report.Model;

/// <summary>Cases of one run and one group of operations that differ in kernel and sequence length only.</summary>
/// <param name="Run">The run.</param>
/// <param name="Key">What the cases share.</param>
/// <param name="Lines">One line a kernel, in the order of the run.</param>
public sealed record Sweep(ReportRun Run, SweepKey Key, IReadOnlyList<SweepLine> Lines)
{
    /// <summary>Lengths at which something was measured, ascending.</summary>
    public IReadOnlyList<int> Lengths { get; } =
        [.. Lines.SelectMany(line => line.Points).Select(SweepKey.Length).Distinct().Order()];

    /// <summary>
    /// Kernels of other groups on the same problems that kernels of this sweep build on, such as plain softmax attention below that with the
    /// log-sum-exp.
    /// </summary>
    public IReadOnlyList<SweepLine> Foundations { get; init; } = [];

    /// <summary>What the cases share, with the run where there are several.</summary>
    public string WordsIn(ReportData data) => data.Labelled(Run, Key.Words);
}

/// <summary>One kernel over the lengths of a sweep.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Points">Its measured cases by ascending length, at least one.</param>
public sealed record SweepLine(string Kernel, IReadOnlyList<ReportCase> Points)
{
    /// <summary>Exponent p of time ∝ lengthᵖ, fitted over all points; null with fewer than two.</summary>
    public double? Slope { get; } =
        PowerLaw.Exponent([.. Points.Select(point => ((double)SweepKey.Length(point), point.Nanoseconds))]);

    /// <summary>Its name in a chart of a group, see <see cref="Workload.Label"/>.</summary>
    public string LabelIn(Sweep sweep) => sweep.Key.Workload.Label(Points[0]);

    /// <summary>Its case at a length; null where it was not measured.</summary>
    public ReportCase? At(int length) => Points.FirstOrDefault(point => SweepKey.Length(point) == length);
}
