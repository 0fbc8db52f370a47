using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Bench.Display;

/// <summary>The last lines of a run: what was fastest, and what was not measured and why.</summary>
internal static class RunSummary
{
    private const int MostNamed = 3;

    /// <summary>The lines; none for a run without cases.</summary>
    public static IEnumerable<string> Lines(RunResults results)
    {
        if (results.Cases.Count == 0)
            yield break;
        yield return Fastest(results);
        if (NotMeasured(results) is { } missing)
            yield return missing;
    }

    /// <summary>The kernels that are the fastest of their operation and format somewhere, with the problems where they are.</summary>
    private static string Fastest(RunResults results)
    {
        Dictionary<string, KernelResult> kernels = results.Kernels.DistinctBy(kernel => kernel.Name).ToDictionary(kernel => kernel.Name);
        CaseResult[] best =
        [
            .. from result in results.Cases
               where result is { Status: CaseStatus.Measured, Timing: not null }
               let kernel = kernels.GetValueOrDefault(result.Kernel)
               group result by (result.Problem, result.Threads, kernel?.Operation, kernel?.Format) into shape
               select shape.MinBy(result => result.Timing!.MedianNs),
        ];
        return best.Length == 0
            ? "Fastest: nothing was measured."
            : "Fastest: " + string.Join("; ", best.GroupBy(result => result.Kernel).OrderByDescending(won => won.Count())
                .Select(won => $"{won.Key} on {Named([.. won.Select(NameOf).Distinct()])}")) + ".";
    }

    private static string? NotMeasured(RunResults results)
    {
        CaseResult[] missing = [.. results.Cases.Where(result => result.Status is not (CaseStatus.Measured or CaseStatus.Unsupported))];
        if (missing.Length == 0)
            return null;
        IEnumerable<string> counts = missing.GroupBy(result => result.Status).Select(group => $"{group.Count()} {StatusText.Word(group.Key)}");
        var most = missing.GroupBy(result => result.Reason).MaxBy(group => group.Count())!;
        string[] lost = [.. results.Cases.GroupBy(NameOf).Where(shape => shape.All(result => result.Timing is null)).Select(shape => shape.Key)];
        return $"Not measured: {string.Join(", ", counts)} of {results.Cases.Count} cases; {most.Count()} because {most.Key ?? "no reason was recorded"}."
            + (lost.Length == 0 ? "" : $" No time at all for {Named(lost)}.");
    }

    private static string NameOf(CaseResult result) => $"{result.Shape ?? result.Problem}{(result.Threads == 1 ? "" : $" ({result.Threads} threads)")}";

    private static string Named(string[] names) =>
        string.Join(", ", names.Take(MostNamed)) + (names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : "");
}
