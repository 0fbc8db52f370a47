using System.Text;
using Kernels.Report.Formatting;
using Kernels.Report.Model;

namespace Kernels.Report.Files;

/// <summary>
/// Measured cases as OpenMetrics 1.0 text, for programs that collect and compare metrics over time. Families are documented in
/// docs/results.md.
/// </summary>
public static class OpenMetricsFile
{
    /// <summary>File name.</summary>
    public const string Name = "metrics.txt";

    private const string Prefix = "attention_kernel_";

    // A family with a unit ends with it, and units are base units, as the format demands.
    private static readonly (string Name, string? Unit, string Help, Func<ReportCase, double?> Value)[] Families =
    [
        ("time_seconds", "seconds", "Median time of a call.", shown => shown.Nanoseconds / 1e9),
        ("time_low_seconds", "seconds", "Lower end of the 95 % interval of the median.", shown => shown.Result.Timing!.LowNs / 1e9),
        ("time_high_seconds", "seconds", "Upper end of the 95 % interval of the median.", shown => shown.Result.Timing!.HighNs / 1e9),
        ("exact_flops", null, "Operations per second that visible pairs need.", shown => shown.Result.ExactGflops * 1e9),
        ("peak_share_ratio", "ratio", "Exact operations per second divided by the peak.", shown => shown.Result.CeilingShare),
        ("bandwidth_share_ratio", "ratio", "Necessary bytes per second divided by the bandwidth.", shown => shown.Result.BandwidthShare),
        ("scratch_bytes", "bytes", "Memory that the kernel needs besides its operands.", shown => shown.Result.ScratchBytes),
        ("error_ratio", "ratio", "Largest error relative to that of plain float32.", shown => shown.Result.Errors?.RatioToBase),
    ];

    /// <summary>The text of the file.</summary>
    public static string Text(ReportData data)
    {
        var text = new StringBuilder();
        AppendFamily(text, $"{Prefix}run", "info", null, "A run that the other metrics come from.", data.Runs.Select(run =>
            ($"{Prefix}run_info", (double?)1, Run(data, run))));
        foreach ((string name, string? unit, string help, Func<ReportCase, double?> value) in Families)
        {
            AppendFamily(
                text, Prefix + name, "gauge", unit, help,
                data.Rows.Where(shown => shown.IsMeasured).Select(shown => (Prefix + name, value(shown), Case(data, shown))));
        }
        return text.Append("# EOF\n").ToString();
    }

    private static void AppendFamily(
        StringBuilder text, string name, string type, string? unit, string help, IEnumerable<(string Name, double? Value, string Labels)> samples)
    {
        text.Append($"# TYPE {name} {type}\n");
        if (unit is not null)
            text.Append($"# UNIT {name} {unit}\n");
        text.Append($"# HELP {name} {help}\n");
        // A series stands once, and results may name a case twice.
        foreach ((string sample, double? value, string labels) in samples.Where(sample => sample.Value is not null).DistinctBy(sample => sample.Labels))
            text.Append($"{sample}{labels} {Numbers.Exact(value)}\n");
    }

    private static string Run(ReportData data, ReportRun run) => Labels(
        Of(data, run), ("id", run.Results.Run.Id), ("machine", run.Results.Machine.Name),
        ("revision", run.Results.Run.GitRevision), ("conditions", run.Conditions.Word));

    // The id of a run would make each series a new one in every run.
    private static string Case(ReportData data, ReportCase shown) => Labels(
        Of(data, shown.Run), ("kernel", shown.Result.Kernel), ("problem", shown.Result.Problem), ("threads", $"{shown.Result.Threads}"),
        ("operation", shown.Workload.Operation), ("format", shown.Workload.Format), ("products", shown.Workload.Products),
        ("caches", shown.Run.Results.Run.Cold ? "cold" : "warm"), ("inputs", shown.Run.Results.Run.Inputs),
        ("clock", shown.IsDeviceTime ? "device" : "host"));

    private static (string Name, string? Value) Of(ReportData data, ReportRun run) => ("run", data.HasSeveralRuns ? run.Label : null);

    private static string Labels(params (string Name, string? Value)[] labels) =>
        $"{{{string.Join(',', labels.Where(label => label.Value is not null).Select(label => $"{label.Name}=\"{Escape(label.Value!)}\""))}}}";

    private static string Escape(string text) => text.ReplaceLineEndings("\n")
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
