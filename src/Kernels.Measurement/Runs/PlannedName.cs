using Kernels.Measurement.Cases;
using Kernels.Results;

namespace Kernels.Measurement.Runs;

/// <summary>A case by name, as <c>run.json</c> keeps it.</summary>
public sealed record PlannedName(string Kernel, string? Shape, string Problem, int Threads)
{
    /// <summary>See <see cref="NamedProblem.TimesInModel"/>.</summary>
    public int? TimesInModel { get; init; }

    /// <summary>The names of a case.</summary>
    public static PlannedName Of(PlannedCase planned) =>
        new(planned.Kernel.Info.Name, planned.Shape, planned.Problem.ToString(), planned.Threads) { TimesInModel = planned.TimesInModel };

    /// <summary>The name of its file, see <see cref="CaseResult.Key"/>.</summary>
    public string Key() => CaseResult.Key(Kernel, Problem, Threads);
}
