using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>What the page shows of a case on hover, the same in every chart.</summary>
internal static class CaseHint
{
    /// <summary>Kernel and length, problem, time with its interval, rate and share of the peak, error.</summary>
    public static Hint Of(ReportCase shown)
    {
        CaseResult result = shown.Result;
        Timing timing = result.Timing!;
        return new(string.Join('\n', new[]
        {
            $"{result.Kernel}{(shown.IsDeviceTime ? " on the device" : "")}{(shown.Problem is null ? "" : $", N = {SweepKey.Length(shown)}")}",
            $"{result.Problem}, {Numbers.Threads(result.Threads)}",
            $"{Numbers.Time(timing.MedianNs)} ({Numbers.Time(timing.LowNs)} to {Numbers.Time(timing.HighNs)}), ±{Numbers.Percent(shown.RelativeInterval)}",
            result.ExactGflops is not { } rate ? null
                : $"{Numbers.Significant(rate)} exact "
                    + $"GFLOP/s{(result.CeilingShare is { } share ? $", {Numbers.Percent(share)} of the multiply-add peak" : "")}",
            result.BandwidthShare is { } bandwidth ? $"{Numbers.Percent(bandwidth)} of the read bandwidth" : null,
            shown.Speedup is { } speedup ? $"{Numbers.Factor(speedup)} {ReportData.Baseline}" : null,
            result.Errors is { MaxAbs: { } error, RatioToBase: { } ratio }
                ? $"largest error {Numbers.Scientific(error)}, {Numbers.Factor(ratio)} that of plain float32" : null,
        }.OfType<string>()));
    }
}
