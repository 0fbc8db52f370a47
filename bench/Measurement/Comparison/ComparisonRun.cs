using Kernels.Bench.Results;

namespace Kernels.Bench.Measurement.Comparison;

/// <summary>Measures all rows of a comparison in this process.</summary>
internal static class ComparisonRun
{
    /// <summary>The rows, in order; fewer when <paramref name="stop"/> was cancelled.</summary>
    public static IReadOnlyList<CompareRow> Execute(CompareRequest request, IRunProgress progress, CancellationToken stop)
    {
        List<CompareRow> rows = [];
        progress.Expect(request.Entries.Count);
        using var measurement = new RowMeasurement(request);
        try
        {
            foreach ((Suites.NamedProblem problem, int threads) in request.Entries)
            {
                progress.Begin($"{problem}, {threads} thread{(threads == 1 ? "" : "s")}");
                rows.Add(measurement.Measure(problem, threads, stop));
                progress.End(1);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The rows that were measured are the result.
        }
        return rows;
    }
}
