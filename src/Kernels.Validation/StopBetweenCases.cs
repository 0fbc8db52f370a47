namespace Kernels.Validation;

/// <summary>Cancels between two cases of the gate, which reports before each case.</summary>
/// <param name="stop">Cancels.</param>
/// <param name="shown">Receives every report too; null for none.</param>
public sealed class StopBetweenCases(CancellationToken stop, IProgress<GateProgress>? shown = null) : IProgress<GateProgress>
{
    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public void Report(GateProgress value)
    {
        stop.ThrowIfCancellationRequested();
        shown?.Report(value);
    }
}
