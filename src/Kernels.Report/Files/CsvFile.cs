using Kernels.Abstractions;
using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Files;

/// <summary>
/// All cases as comma-separated values, RFC 4180: a header, CRLF, quotes where needed. Columns are documented in docs/results.md.
/// </summary>
public static class CsvFile
{
    /// <summary>File name.</summary>
    public const string Name = "results.csv";

    private static readonly (string Name, Func<ReportCase, string?> Value)[] Columns =
    [
        ("machine", shown => shown.Run.Results.Machine.Name),
        ("run", shown => shown.Run.Results.Run.Id),
        ("kernel", shown => shown.Result.Kernel),
        ("family", shown => shown.Kernel?.Family),
        ("version", shown => shown.Kernel?.Version),
        ("operation", shown => shown.Kernel?.Operation),
        ("format", shown => shown.Kernel?.Format),
        ("products", shown => shown.Kernel is null ? null : shown.Workload.Products),
        ("shape", shown => shown.Result.Shape),
        ("problem", shown => shown.Result.Problem),
        ("batch", shown => Integer(shown.Problem?.Batch)),
        ("heads", shown => Integer(shown.Problem?.Heads)),
        ("kv_heads", shown => Integer(shown.Problem?.KvHeads)),
        ("queries", shown => Integer(shown.Problem?.Queries)),
        ("keys", shown => Integer(shown.Problem?.Keys)),
        ("head_dim", shown => Integer(shown.Problem?.HeadDim)),
        ("value_dim", shown => Integer(shown.Problem?.ValueDim)),
        ("query_start", shown => Integer(shown.Problem?.QueryStart)),
        ("key_start", shown => Integer(shown.Problem?.KeyStart)),
        ("order", shown => shown.Problem is { } problem ? problem.Order == TokenOrder.HeadMajor ? "head-major" : "token-major" : null),
        ("mask", shown => shown.Result.Mask),
        ("compulsory_bytes", shown => CompulsoryBytes(shown)),
        ("threads", shown => Integer(shown.Result.Threads)),
        ("caches", shown => shown.Run.Results.Run.Cold ? "cold" : "warm"),
        ("inputs", shown => shown.Run.Results.Run.Inputs ?? "normal"),
        ("status", shown => StatusText.Word(shown.Result.Status)),
        ("reason", shown => shown.Result.Reason),
        ("clock", shown => shown.IsDeviceTime ? "device" : "host"),
        ("median_ns", shown => Numbers.Exact(shown.Result.Timing?.MedianNs)),
        ("low_ns", shown => Numbers.Exact(shown.Result.Timing?.LowNs)),
        ("high_ns", shown => Numbers.Exact(shown.Result.Timing?.HighNs)),
        ("samples", shown => Integer(shown.Result.Timing?.Samples)),
        ("times_baseline", shown => Numbers.Exact(shown.Speedup)),
        ("exact_gflops", shown => Numbers.Exact(shown.Result.ExactGflops)),
        ("dense_gflops", shown => Numbers.Exact(shown.Result.DenseGflops)),
        ("ceiling_share", shown => Numbers.Exact(shown.Result.CeilingShare)),
        ("executed_gflops", shown => Numbers.Exact(shown.Result.ExecutedGflops)),
        ("executed_share", shown => Numbers.Exact(shown.Result.ExecutedShare)),
        ("gigabytes_per_second", shown => Numbers.Exact(shown.Result.GigabytesPerSecond)),
        ("bandwidth_share", shown => Numbers.Exact(shown.Result.BandwidthShare)),
        ("above_ceiling", shown => AboveCeiling(shown.Result)),
        ("scratch_bytes", shown => Integer(shown.Result.ScratchBytes)),
        ("state_bytes", shown => Integer(shown.Result.StateBytes)),
        ("allocated_bytes_per_call", shown => Numbers.Exact(shown.Result.AllocatedBytesPerCall)),
        ("operand", shown => shown.Result.Errors?.Operand),
        ("max_abs", shown => Numbers.Exact(shown.Result.Errors?.MaxAbs)),
        ("nmse", shown => Numbers.Exact(shown.Result.Errors?.Nmse)),
        ("ratio_to_base", shown => Numbers.Exact(shown.Result.Errors?.RatioToBase)),
        ("limit", shown => Numbers.Exact(shown.Result.Errors?.Limit)),
        ("worst_index", shown => shown.Result.Errors?.WorstIndex is { } index ? string.Join(' ', index) : null),
        ("checked_rows", shown => Integer(shown.Result.Errors?.CheckedRows)),
        ("total_rows", shown => Integer(shown.Result.Errors?.TotalRows)),
    ];

    /// <summary>The text of the file.</summary>
    public static string Text(ReportData data) =>
        string.Concat(data.Rows.Select(shown => Row(Columns.Select(column => column.Value(shown)))).Prepend(Row(Columns.Select(column => (string?)column.Name)))
            .Select(row => row + "\r\n"));

    private static string Row(IEnumerable<string?> fields) => string.Join(',', fields.Select(Field));

    private static string Field(string? text) => text switch
    {
        null => "",
        _ when text.AsSpan().IndexOfAny(",\"\r\n") < 0 => text,
        _ => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
    };

    private static string? AboveCeiling(CaseResult result) => result.Timing is null ? null
        : PhysicalLimit.IsMarked(result.CeilingShare) || PhysicalLimit.IsMarked(result.ExecutedShare) || PhysicalLimit.IsMarked(result.BandwidthShare)
            ? "yes" : "no";

    private static string? CompulsoryBytes(ReportCase shown) => shown.Operands.Length == 0
        ? null
        : Integer(shown.Operands.Sum(each => each.Bytes * (each.Role == Role.Accumulated ? 2 : 1)));

    private static string? Integer(long? value) => value?.ToString();
}
