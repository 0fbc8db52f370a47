namespace Kernels.Validation;

/// <summary>The gate reports before each of its cases: the moment to stop.</summary>
public sealed class StopBetweenCases(CancellationToken stop) : IProgress<GateProgress>
{
    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public void Report(GateProgress value) => stop.ThrowIfCancellationRequested();
}
