namespace Kernels.Bench.Report.Model;

/// <summary>A kernel on the ladder.</summary>
/// <param name="Case">Its case.</param>
/// <param name="Parent">The case of the kernel that it builds on; null where there is none or it was not measured.</param>
/// <param name="Depth">Rungs below it.</param>
public sealed record Rung(ReportCase Case, ReportCase? Parent, int Depth)
{
    /// <summary>How many times as fast it is as the kernel that it builds on.</summary>
    public Ratio? Gain => Parent is null ? null : Ratio.Of(Case, Parent);
}
