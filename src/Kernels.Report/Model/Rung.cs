namespace Kernels.Report.Model;

/// <summary>A kernel on the ladder.</summary>
/// <param name="Case">Its case.</param>
/// <param name="Parent">The case of the kernel that it builds on; null where there is none or it was not measured.</param>
/// <param name="Depth">Rungs below it.</param>
public sealed record Rung(ReportCase Case, ReportCase? Parent, int Depth)
{
    /// <summary>
    /// What it computes, where that is not what the one that it builds on computes, or for a first one not softmax attention in float32; else empty.
    /// </summary>
    public string Difference => Case.Workload.DifferenceFrom(Parent?.Workload ?? Workload.Softmax);

    /// <summary>How many times as fast it is as the kernel that it builds on.</summary>
    public Ratio? Gain => Parent is null ? null : Ratio.Of(Case, Parent);
}
