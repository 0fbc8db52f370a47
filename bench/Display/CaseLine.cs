using Kernels.Results;

namespace Kernels.Bench.Display;

/// <summary>Results as text for the terminal.</summary>
internal static class CaseLine
{
    /// <summary>Outcome of a case: <c>12.3 ms, 45 GFLOP/s</c>, or the status with its reason.</summary>
    public static string Outcome(CaseResult result) => result.Timing is { } timing
        ? $"{Time(timing.MedianNs)}, {result.ExactGflops:G3} GFLOP/s"
        : $"{Status(result.Status)}: {result.Reason}";

    /// <summary>Status as a word.</summary>
    public static string Status(CaseStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>Three digits and a suitable unit.</summary>
    public static string Time(double nanoseconds)
    {
        (double value, string unit) = nanoseconds switch
        {
            < 999.5 => (nanoseconds, "ns"),
            < 999.5e3 => (nanoseconds / 1e3, "µs"),
            < 999.5e6 => (nanoseconds / 1e6, "ms"),
            _ => (nanoseconds / 1e9, "s"),
        };
        string digits = value switch { < 9.995 => "0.00", < 99.95 => "0.0", _ => "0" };
        return $"{value.ToString(digits)} {unit}";
    }
}
