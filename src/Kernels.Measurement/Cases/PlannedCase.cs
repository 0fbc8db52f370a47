using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Measurement.Cases;

/// <summary>One case of a run before it is measured.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Shape">Name of the model or sweep; null for a shape that was spelled out.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Threads">Threads to run on.</param>
public sealed record PlannedCase(Kernel Kernel, string? Shape, AttentionProblem Problem, int Threads)
{
    /// <summary>See <see cref="NamedProblem.TimesInModel"/>.</summary>
    public int? TimesInModel { get; init; }

    /// <summary>The name of the case's file, see <see cref="CaseResult.Key"/>.</summary>
    public string Key => CaseResult.Key(Kernel.Info.Name, Problem.ToString(), Threads);

    /// <summary>Exact operations of the problem.</summary>
    public double ExactFlops => Kernel.Info.Operation.Flops(Problem);

    /// <summary>Bytes that must be moved.</summary>
    public long Bytes => Kernel.Info.Operation.Bytes(Problem, Kernel.Info.Format);

    /// <summary>The result of this case, with nothing measured yet.</summary>
    public CaseResult Result(CaseStatus status, string? reason = null) => new()
    {
        Kernel = Kernel.Info.Name,
        Problem = Problem.ToString(),
        Shape = Shape,
        TimesInModel = TimesInModel,
        Mask = Problem.Mask.Name,
        Threads = Threads,
        Status = status,
        Reason = reason,
        StateBytes = Kernel.Info.Operation is AttentionOperation attention
            ? (long)(Kernel.Info.Format.Input.Size() * attention.StateLength(Problem))
            : null,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Kernel.Info.Name} {Problem}, {Threads} thread{(Threads == 1 ? "" : "s")}";
}
