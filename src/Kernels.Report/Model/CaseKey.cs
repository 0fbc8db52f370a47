using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>What must be the same in two runs for their times to be of the same case.</summary>
/// <param name="Kernel">Catalog name.</param>
/// <param name="Problem">Name of the problem.</param>
/// <param name="Pattern">Lines of the file that defines its mask; null for a mask without one.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Workload">Operation and formats.</param>
/// <param name="IsCold">Whether the caches were emptied before each call.</param>
/// <param name="Inputs">The family of the inputs; null for normal ones.</param>
/// <param name="IsDeviceTime">Whether the time is that of the launches alone.</param>
public sealed record CaseKey(string Kernel, string Problem, string? Pattern, int Threads, Workload Workload, bool IsCold, string? Inputs, bool IsDeviceTime)
{
    /// <summary>The key of a case.</summary>
    public static CaseKey Of(ReportCase shown)
    {
        RunResults run = shown.Run.Results;
        IReadOnlyList<string>? lines = run.Patterns?.GetValueOrDefault(shown.Result.Mask);
        return new(
            shown.Result.Kernel, shown.Result.Problem, lines is null ? null : string.Join('\n', lines), shown.Result.Threads, shown.Workload,
            run.Run.Cold, run.Run.Inputs, shown.IsDeviceTime);
    }
}
