namespace Kernels.Report.Model;

/// <summary>A kernel on the ladder.</summary>
/// <param name="Case">Its case.</param>
/// <param name="Parent">The case of the kernel that it builds on; null where there is none or it was not measured.</param>
/// <param name="Depth">Number of rungs below it.</param>
public sealed record Rung(ReportCase Case, ReportCase? Parent, int Depth)
{
    /// <summary>
    /// Operation and formats where they differ from those of the kernel that it builds on, or, for a first one, from softmax attention in
    /// float32; otherwise empty.
    /// </summary>
    public string Difference => Case.Workload.DifferenceFrom(Parent?.Workload ?? Workload.Softmax);

    /// <summary>Speed relative to the kernel that it builds on.</summary>
    public Ratio? Gain => Parent is null ? null : Ratio.Of(Case, Parent);
}
