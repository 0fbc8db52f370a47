namespace Kernels.Report.Model;

/// <summary>How far two times of the same case in two runs may differ though nothing changed.</summary>
internal static class RunNoise
{
    // The addresses of memory and code differ from process to process; a kernel differs from itself by one or two percent.
    private const double Least = 0.02;

    // As wide as the intervals by which a run counts as disturbed.
    private const double Disturbed = 0.1;

    /// <summary>
    /// The largest of 2 %, 10 % where one of the runs is disturbed, and what the peak that bounds the case did meanwhile: its drift within
    /// each run, and on one machine its change from one run to the other.
    /// </summary>
    public static double Between(ReportRun a, ReportRun b, CaseKey key)
    {
        double least = a.Conditions.Disturbed || b.Conditions.Disturbed ? Disturbed : Least;
        double[] drifts = key.IsDeviceTime ? [] : [Drift(a, key.Threads), Drift(b, key.Threads)];
        return drifts.Append(PeakChange(a, b, key)).Append(least).Max();
    }

    private static double Drift(ReportRun run, int threads) => Math.Abs(run.Results.Ceilings?.Drift(threads) ?? 0);

    // Two machines differ by more than noise.
    private static double PeakChange(ReportRun a, ReportRun b, CaseKey key) =>
        a.Results.Machine.Name == b.Results.Machine.Name && Peak(a, key) is > 0 and { } first && Peak(b, key) is > 0 and { } second
            ? Math.Max(first / second, second / first) - 1
            : 0;

    private static double? Peak(ReportRun run, CaseKey key) =>
        key.IsDeviceTime ? run.Kernel(key.Kernel)?.DevicePeaks?.Gflops : run.Results.Ceilings?.PeakGflops(key.Threads);
}
