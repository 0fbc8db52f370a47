namespace Kernels.Validation;

/// <summary>Cancels between two cases of the gate, which reports before each case.</summary>
public sealed class StopBetweenCases(CancellationToken stop) : IProgress<GateProgress>
{
    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public void Report(GateProgress value) => stop.ThrowIfCancellationRequested();
}
