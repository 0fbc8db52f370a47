using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>Outcome of each kernel on each problem of one run.</summary>
public sealed class SupportMatrix
{
    /// <summary>Builds the matrix of a run.</summary>
    public SupportMatrix(ReportData data, ReportRun run)
    {
        var cases = data.Cases.Where(shown => shown.Run == run).ToList();
        Problems = [.. cases.Select(shown => (shown.Result.Problem, shown.Title)).Distinct()];
        var byCell = cases.ToLookup(shown => (shown.Result.Kernel, shown.Result.Problem, shown.Title));
        Rows = [.. cases.Select(shown => shown.Result.Kernel).Distinct()
            .Select(kernel =>
                new Row(kernel, Workload.Of(run.Kernel(kernel)), [.. Problems.Select(problem => Cell(byCell[(kernel, problem.Problem, problem.Title)]))]))];
    }

    /// <summary>The columns, in the order of the suite.</summary>
    public IReadOnlyList<(string Problem, string Title)> Problems { get; }

    /// <summary>One row a kernel.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>The reasons that cells refer to.</summary>
    public Footnotes Notes { get; } = new();

    private IReadOnlyList<Mark> Cell(IEnumerable<ReportCase> cases)
    {
        // Thread counts with the same outcome share one mark.
        return [.. cases.GroupBy(shown => (shown.Result.Status, shown.Result.Reason)).Select(alike => new Mark(
            alike.Key.Status, alike.Key.Reason, alike.Key.Reason is { } reason ? Notes.Number(reason) : null,
            string.Join(", ", alike.Select(shown => shown.Result.Threads).Order())))];
    }

    /// <summary>A kernel, what it computes, and its cells, in the order of <see cref="Problems"/>.</summary>
    public sealed record Row(string Kernel, Workload Workload, IReadOnlyList<IReadOnlyList<Mark>> Cells);

    /// <summary>Outcome of some thread counts of one kernel on one problem.</summary>
    public sealed record Mark(CaseStatus Status, string? Reason, int? Note, string Threads);
}
