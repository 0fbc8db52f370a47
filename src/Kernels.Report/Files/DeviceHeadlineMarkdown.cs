using Kernels.Abstractions;
using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Files;

/// <summary>
/// The headline of a run on a device: the fastest kernel in each format on each problem, by the clock of the device, as a Markdown table.
/// </summary>
internal static class DeviceHeadlineMarkdown
{
    /// <summary>The table; null when no case of the run was timed by the clock of a device.</summary>
    public static string? Text(ReportData data, string path, string program)
    {
        ReportCase[] cases =
        [
            .. data.Rows.Where(shown => shown is { IsMeasured: true, IsDeviceTime: true, Problem: not null, Kernel.Device: not null }
                && shown.Workload.Operation == Operations.Softmax.Name),
        ];
        if (cases.Length == 0)
            return null;
        ReportCase[] best = [.. Best(cases)];
        string devices = string.Join(" and ", best.Select(shown => shown.Kernel!.Device!).Distinct());
        RunInfo run = data.Runs[0].Results.Run;
        return
            $"""
            Softmax attention on {Markdown.Escape(devices)}, by its own clock, without copies from and to host
            memory: the fastest kernel of each format, the operations that visible pairs need, and their share of the peak, measured in the same run, of the
            unit that the kernel uses.

            {Markdown.Table(
                ["problem", "format", "fastest kernel", "time", "TFLOP/s", "of peak", "GB/s"],
                best.Select(shown => (string[])
                [
                    shown.Result.Problem, shown.Workload.Formats, $"`{shown.Result.Kernel}`", Numbers.Time(shown.Nanoseconds),
                    Numbers.Or(shown.Result.ExactGflops / 1000, Numbers.Significant), Numbers.Or(shown.Result.CeilingShare, Numbers.Share),
                    Numbers.Or(shown.Result.GigabytesPerSecond, Numbers.Significant),
                ]))}
            *Measured on {run.Started.UtcDateTime:yyyy-MM-dd}, git {run.GitRevision ?? "revision unknown"}.*
            The whole report is in [`{path}`]({path}); this table is written by

                {program} report {path} --headline README.md

            """;
    }

    // Long sequences before decoding, and the formats of a problem together.
    private static IEnumerable<ReportCase> Best(IEnumerable<ReportCase> cases) =>
        from shown in cases
        group shown by (shown.Result.Problem, shown.Workload) into same
        let fastest = same.MinBy(shown => shown.Nanoseconds)!
        let problem = fastest.Problem!
        orderby problem.Queries == 1, problem.HeadDim, problem.Mask.Name descending, problem.Keys, fastest.Workload.Format
        select fastest;
}
