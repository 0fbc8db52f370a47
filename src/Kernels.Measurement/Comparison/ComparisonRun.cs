using Kernels.Results;

namespace Kernels.Measurement.Comparison;

/// <summary>Measures all rows of a comparison in this process.</summary>
public static class ComparisonRun
{
    /// <summary>The rows, in order; fewer when <paramref name="stop"/> was cancelled.</summary>
    public static IReadOnlyList<CompareRow> Execute(CompareRequest request, IRunProgress progress, CancellationToken stop)
    {
        List<CompareRow> rows = [];
        progress.Expect(request.Entries.Count);
        using var measurement = new RowMeasurement(request);
        try
        {
            foreach ((NamedProblem problem, int threads) in request.Entries)
            {
                progress.Begin($"{problem}, {threads} thread{(threads == 1 ? "" : "s")}");
                rows.Add(measurement.Measure(problem, threads, stop));
                progress.End(1);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Returns the rows measured so far.
        }
        return rows;
    }
}
