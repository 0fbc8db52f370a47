using Kernels.Abstractions;

namespace Kernels.Peers;

/// <summary>
/// The process that computes for a <see cref="PeerKernel"/>. It has threads of its own and times itself, because what brings operands there
/// and back is this suite's work and not the peer's.
/// </summary>
public sealed class PeerBackend : Backend
{
    private readonly PeerSession session;
    private readonly string kernelName;

    internal PeerBackend(PeerSession session, string kernelName)
    {
        this.session = session;
        this.kernelName = kernelName;
    }

    /// <summary>Library and version; the name of the peer when it is absent or does not start.</summary>
    public override string Name => session.Version ?? session.Peer;

    /// <summary>Library and version; null when the peer is absent or does not start.</summary>
    public override string? Version => session.Version;

    /// <inheritdoc/>
    public override bool TimesItself => true;

    /// <inheritdoc/>
    public override bool TakesThreads => true;

    /// <inheritdoc/>
    public override bool FiniteInputsOnly => session.Operator.FiniteInputsOnly;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, double> ThreadsBusy => session.ThreadsBusy;

    /// <inheritdoc/>
    public override string? Failure => session.Broken is { } reason ? $"{kernelName} {reason}" : null;

    /// <inheritdoc/>
    /// <exception cref="PeerException">The peer crashed, hung, answered rubbish or reported an error.</exception>
    public override void Run(Kernel kernel, in Call call, int threads) =>
        session.Compute((AttentionProblem)call.Problem, call.Tensors, threads);

    /// <inheritdoc/>
    public override void InputsChanged() => session.Forget();

    /// <inheritdoc/>
    /// <remarks>Inputs that were loaded last are still there, so calling again costs no copy.</remarks>
    /// <exception cref="PeerException">The peer crashed, hung, answered rubbish or reported an error.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; the process has ended.</exception>
    public override double[] Nanoseconds(Kernel kernel, in Call call, int calls, int threads, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        return session.Time(call.Memory, (AttentionProblem)call.Problem, call.Tensors, threads, calls, stop);
    }
}
