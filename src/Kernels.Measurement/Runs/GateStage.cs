using Kernels.Validation;

namespace Kernels.Measurement.Runs;

/// <summary>Shows how far a stage of the gate is, whose kernels run in parallel.</summary>
/// <param name="progress">Shows the steps of a run.</param>
/// <param name="stage">Name of the stage.</param>
internal sealed class GateStage(IRunProgress progress, string stage) : IProgress<GateProgress>
{
    private readonly Lock drawing = new();

    /// <inheritdoc/>
    public void Report(GateProgress value)
    {
        lock (drawing)
            progress.Begin($"{stage}, {value.Done} of {value.Total}");
    }
}
