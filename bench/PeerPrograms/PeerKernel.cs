using Kernels.Abstractions;
using Kernels.Bench.Validation;

namespace Kernels.Bench.PeerPrograms;

/// <summary>
/// An operator of an outside program as a kernel, so that gate, measurement and report treat it as any other. It times itself, with
/// <see cref="Time"/>; a call of <see cref="AttentionKernel.Forward"/> copies the tensors there and back. It has its own threads, so
/// <see cref="ThreadedKernel"/> does nothing for it.
/// </summary>
public sealed class PeerKernel : AttentionKernel
{
    private readonly PeerSession session;
    private readonly int threads;

    internal PeerKernel(PeerSession session, int threads = 1)
    {
        this.session = session;
        this.threads = threads;
        Info = new KernelInfo($"peer-{session.Peer}-{session.Operator.Name}", session.Operator.Idea, Definition.Softmax)
        {
            Source = session.Operator.Source,
            Approximation = session.Operator.Approximation,
        };
    }

    /// <inheritdoc/>
    public override KernelInfo Info { get; }

    /// <summary>Why the peer is not there, with the command that installs it.</summary>
    public override string? Unavailable => session.Absent;

    /// <summary>Library and version; null when the peer is absent or does not start.</summary>
    public string? Version => session.Version;

    /// <summary>Whether the operator promises nothing of NaN and infinite inputs.</summary>
    public bool FiniteInputsOnly => session.Operator.FiniteInputsOnly;

    /// <summary>Why the peer is given up, although it is there; null while it answers.</summary>
    public string? Failure => session.Broken is { } reason ? $"{Info.Name} {reason}" : null;

    /// <summary>The same operator on another number of threads.</summary>
    public PeerKernel OnThreads(int count) => new(session, count);

    /// <summary>
    /// Nanoseconds of each of <paramref name="calls"/> calls one after the other, as the peer measured them. Inputs that this operator
    /// computed last are still loaded, so calling again costs no copy.
    /// </summary>
    /// <param name="inputs">The problem and its tensors, which must not change between calls.</param>
    /// <param name="calls">At least 1.</param>
    /// <param name="output">Receives what the last call wrote; may be empty.</param>
    /// <param name="stop">Ends the peer's process in the middle of a call.</param>
    /// <exception cref="PeerException">The peer crashed, hung, answered rubbish or reported an error.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public double[] Time(AttentionInputs inputs, int calls, Span<float> output, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        if (output.Length != 0 && output.Length != inputs.Problem.QueryLength)
            throw new ArgumentException($"The output of {inputs.Problem} has {inputs.Problem.QueryLength:N0} floats.", nameof(output));
        return session.Time(inputs, threads, calls, output, stop);
    }

    /// <inheritdoc/>
    protected override int WorkItems(AttentionProblem problem) => 1;

    /// <inheritdoc/>
    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch) =>
        session.Compute(problem, tensors, threads);

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) => session.Refusal(problem);
}
