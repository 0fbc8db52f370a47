namespace Kernels.Bench.Report.Model;

/// <summary>All measured kernels on one problem with one number of threads, fastest first: one bar chart.</summary>
/// <param name="Run">The run.</param>
/// <param name="Shape">Name of the model that the shape comes from; null for a shape that was given as numbers.</param>
/// <param name="Problem">Name of the problem.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Cases">The measured cases.</param>
public sealed record ShapeGroup(ReportRun Run, string? Shape, string Problem, int Threads, IReadOnlyList<ReportCase> Cases)
{
    /// <summary>The shape's name, or the problem's where it has none.</summary>
    public string Name => Shape ?? Problem;
}
