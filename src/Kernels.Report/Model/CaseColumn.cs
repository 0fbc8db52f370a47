using Kernels.Report.Formatting;
using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>A column of the table of all cases.</summary>
/// <param name="Title">Heading with the unit.</param>
/// <param name="Meaning">Its meaning in a sentence.</param>
/// <param name="Text">Text of a cell.</param>
/// <param name="Value">The number that the column is sorted by; null for text.</param>
/// <param name="IsLong">Whether its text may need several lines.</param>
public sealed record CaseColumn(
    string Title, string Meaning, Func<ReportCase, string> Text, Func<ReportCase, double?>? Value = null, bool IsLong = false)
{
    /// <summary>Whether its cells are numbers.</summary>
    public bool IsNumber => Value is not null;

    /// <summary>The columns, with the run's where there are several.</summary>
    public static IReadOnlyList<CaseColumn> All(bool withRun) =>
    [
        new("Kernel", "Name in the catalog.", shown => shown.Result.Kernel),
        .. withRun ? [new CaseColumn("Run", "Label of the run.", shown => shown.Run.Label)] : Array.Empty<CaseColumn>(),
        new("Operation", "What the kernel computes.", shown => shown.Workload.Operation),
        new("Format", "Formats of its operands in memory, and of its products where they are not float32.", shown => shown.Workload.Formats),
        new("Shape", "Model or sweep that the shape comes from.", shown => shown.Result.Shape ?? ""),
        new("Problem", "Batch, heads/kv heads, queries and keys (with positions that are not the default), channels, mask, order of rows.",
            shown => shown.Result.Problem),
        Number("Threads", "Threads that the kernel ran on.", shown => shown.Result.Threads, value => Numbers.Count((long)value)),
        new(
            "Clock", "The timed part: a call; on a device, a call end to end with its copies, or its launches by the device's own clock.",
            shown => shown.IsDeviceTime ? "device" : shown.Result.Device is null ? "call" : "end to end"),
        new("Status", "Outcome, and its reason.", StatusAndReason, IsLong: true),
        Number("Median (µs)", "Median time of a call.", shown => shown.Result.Timing?.MedianNs / 1e3, Numbers.Significant),
        Number(
            "±", "Half of the width of the median's 95 % interval, relative to the median.",
            shown => shown.IsMeasured ? shown.RelativeInterval : null, Numbers.Percent),
        Number("× baseline", $"Time of {ReportData.Baseline} divided by this time.", shown => shown.Speedup, Numbers.Significant),
        Number(
            "Exact GFLOP/s", "Exact: operations that the kernel's operation needs for visible pairs.",
            shown => shown.Result.ExactGflops, Numbers.Significant),
        Number("Dense-equivalent GFLOP/s", "As if every query saw every key.", shown => shown.Result.DenseGflops, Numbers.Significant),
        Number(
            "Share of multiply-add peak",
            "Exact GFLOP/s divided by the peak of as many threads, or of the device in its arithmetic. " + PhysicalLimit.Meaning + ".",
            shown => shown.Result.CeilingShare, Numbers.Share),
        Number(
            "Executed share of peak", "The same for the operations that the kernel executes, where it states them.",
            shown => shown.Result.ExecutedShare, Numbers.Share),
        Number(
            "GB/s", "Bytes of the operands, of keys and values those that some query sees, each moved once.",
            shown => shown.Result.GigabytesPerSecond, Numbers.Significant),
        Number(
            "Share of bandwidth", "GB/s divided by the read bandwidth of as many threads from the cache or memory that the bytes fit in, or by that of a "
                + "copy on the device.",
            shown => shown.Result.BandwidthShare, Numbers.Share),
        Number("Scratch", "Scratch memory that the kernel needs.", shown => shown.Result.ScratchBytes, Numbers.Bytes),
        Number("State", "Kept by decoding for the next token: keys and values, or state.", shown => shown.Result.StateBytes, Numbers.Bytes),
        Number("Allocated (B/call)", "Managed bytes that a call allocated.", shown => shown.Result.AllocatedBytesPerCall, Numbers.Short),
        Number(
            "Max abs error", "Against the float64 reference, checked after the timing.",
            shown => shown.Result.Errors?.MaxAbs, Numbers.Scientific),
        Number("NMSE", "Normalised mean square error.", shown => shown.Result.Errors?.Nmse, Numbers.Scientific),
        Number(
            "Error / float32", "Largest error relative to that of plain float32; the limit is 2 or 3.",
            shown => shown.Result.Errors?.RatioToBase, Numbers.Significant),
    ];

    private static CaseColumn Number(string title, string meaning, Func<ReportCase, double?> value, Func<double, string> format) =>
        new(title, meaning, shown => Numbers.Or(value(shown), format), value);

    private static string StatusAndReason(ReportCase shown)
    {
        string word = $"{StatusText.Sign(shown.Result.Status)} {StatusText.Word(shown.Result.Status)}";
        return shown.Result.Reason is { } reason ? $"{word}: {reason}" : word;
    }
}
