using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Bench.Display;

/// <summary>Results as text for the terminal.</summary>
internal static class CaseLine
{
    /// <summary>Outcome of a case: <c>12.3 ms, 45 GFLOP/s</c>, or the status with its reason.</summary>
    public static string Outcome(CaseResult result) => result.Timing is { } timing
        ? $"{Time(timing.MedianNs)}, {result.ExactGflops:G3} GFLOP/s"
        : $"{StatusText.Word(result.Status)}: {result.Reason}";

    /// <summary>Three digits and a suitable unit.</summary>
    public static string Time(double nanoseconds) => Numbers.Time(nanoseconds).Replace(Numbers.Space, ' ');
}
