namespace Kernels.Report.Model;

/// <summary>All measured kernels of a group on one problem with one number of threads, fastest first: one chart.</summary>
/// <param name="Run">The run.</param>
/// <param name="Title">Name of the model that the shape comes from, or of the problem.</param>
/// <param name="Problem">Name of the problem.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Workload">The workload that the group is named after.</param>
/// <param name="Cases">The measured cases.</param>
public sealed record ShapeGroup(
    ReportRun Run, string Title, string Problem, int Threads, Workload Workload, IReadOnlyList<ReportCase> Cases);
