using Kernels.Naive;
using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Bench.Display;

/// <summary>The results in the terminal: one problem in detail, and the times of all.</summary>
internal static class ResultTables
{
    private const int KernelColumnWidth = 30, TimeColumnWidth = 24;

    private static readonly string baseline = NaiveKernels.All[0].Info.Name;

    /// <summary>Writes to a terminal, in tables no wider than <paramref name="width"/> characters.</summary>
    public static void Write(TextWriter output, int width, RunResults results)
    {
        Column[] columns =
        [
            .. results.Cases
                .GroupBy(result => (result.Problem, result.Threads))
                .Select(group => new Column(group.First(), group.ToDictionary(result => result.Kernel))),
        ];
        if (columns.Length == 0)
            return;
        string[] kernels = [.. results.Cases.Select(result => result.Kernel).Distinct()];
        int fit = Math.Max(1, (width - KernelColumnWidth) / TimeColumnWidth);
        foreach (Column[] chunk in columns.Chunk(fit))
            WriteTimes(output, kernels, chunk);
        WriteDetail(output, kernels, columns.MaxBy(column => (column.Measured, column.BestGflops))!);
    }

    private static void WriteTimes(TextWriter output, string[] kernels, Column[] columns)
    {
        new Terminal(output).WriteTable(
            ["time of a call", .. columns.Select(column => column.Title)],
            kernels.Select(kernel => (string[])[kernel, .. columns.Select(column => column.Time(kernel))]));
        output.WriteLine();
    }

    private static void WriteDetail(TextWriter output, string[] kernels, Column column)
    {
        output.WriteLine($"{column.Of.Shape} {column.Of.Problem}, {column.Threads}".Trim());
        new Terminal(output).WriteTable(
            ["kernel", "time", "95 %", "exact GFLOP/s", "of ceiling", "of bandwidth", $"× {baseline}", "error"],
            kernels.Where(column.Results.ContainsKey).Select(kernel => Row(kernel, column)));
        output.WriteLine("time: median of the samples, with its 95 % interval; error: relative to plain float32, limit 2 or 3; "
            + $"{PhysicalLimit.Meaning}; docs/measurement.md");
    }

    private static string[] Row(string kernel, Column column)
    {
        CaseResult result = column.Results[kernel];
        if (result.Timing is not { } timing)
            return [kernel, StatusText.Word(result.Status), "", "", "", "", "", ""];
        return
        [
            kernel, CaseLine.Time(timing.MedianNs), Interval(timing),
            Number("0.0", result.ExactGflops), Share(result.CeilingShare), Share(result.BandwidthShare),
            Number("0.0", column.Speedup(timing)), Number("0.00", result.Errors?.RatioToBase),
        ];
    }

    private static string Interval(Timing timing) => $"{timing.LowNs / timing.MedianNs - 1:+0.0%;−0.0%} … {timing.HighNs / timing.MedianNs - 1:+0.0%;−0.0%}";

    private static string Share(double? share) => Number("0%", share) + (PhysicalLimit.IsMarked(share) ? PhysicalLimit.Mark : "");

    private static string Number(string format, double? value) => value?.ToString(format) ?? "";

    /// <summary>One problem on one number of threads.</summary>
    private sealed record Column(CaseResult Of, IReadOnlyDictionary<string, CaseResult> Results)
    {
        public int Measured => Results.Values.Count(result => result.Status == CaseStatus.Measured);

        public double BestGflops => Results.Values.Max(result => result.ExactGflops) ?? 0;

        public string Threads => Numbers.Threads(Of.Threads);

        public string Title => $"{Of.Shape ?? "custom"}\n{Of.Problem}\n{Threads}".Replace("-", "\u2011");

        public string Time(string kernel) =>
            !Results.TryGetValue(kernel, out CaseResult? result) ? ""
            : result.Timing is { } timing ? CaseLine.Time(timing.MedianNs)
            : StatusText.Word(result.Status);

        public double? Speedup(Timing timing) => Results.GetValueOrDefault(baseline)?.Timing?.MedianNs / timing.MedianNs;
    }
}
