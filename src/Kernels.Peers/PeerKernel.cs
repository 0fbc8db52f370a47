using Kernels.Abstractions;

namespace Kernels.Peers;

/// <summary>
/// An operation of an operator of an outside program, in one format, as a kernel, so that gate, measurement and report treat it as any
/// other. It refuses whatever the manifest does not say that the operator takes: the program is not even asked, since it might answer without knowing better.
/// </summary>
public sealed class PeerKernel : AttentionKernel
{
    private const string SoftmaxPrefix = "softmax-";

    private readonly PeerSession session;

    internal PeerKernel(PeerSession session)
    {
        this.session = session;
        PeerOperator @operator = session.Operator;
        string name = $"peer-{session.Peer}-{@operator.Name}{Suffix(session.Operation)}{Suffix(session.Format)}";
        Info = new KernelInfo(name, @operator.Idea, session.Operation)
        {
            Format = session.Format,
            Source = @operator.Source,
            Approximation = @operator.Approximation,
        };
        Backend = new PeerBackend(session, Info.Name);
    }

    /// <inheritdoc/>
    public override KernelInfo Info { get; }

    /// <inheritdoc/>
    public override PeerBackend Backend { get; }

    /// <summary>Why the peer is not there, with the command that installs it.</summary>
    public override string? Unavailable => session.Absent;

    /// <inheritdoc/>
    protected override Takes Takes => session.Operator.TakesValueDim ? Takes.ValueDim : Takes.Usual;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem) =>
        !session.Operator.TakesPositions && HasPositions(problem)
            ? Refuse("takes usual positions alone: the first key at 0, the last query at the last key")
        : session.Refusal(problem, Info.Operation.Operands(problem, Info.Format)) is { } reason ? Refuse(reason)
        : new Plan(1);

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        // Whoever has no executor for backends runs the one work item of a call: on one thread.
        var tensors = new Tensor[call.Operands];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = call[i];
        session.Compute(call.Problem, tensors, threads: 1);
    }

    private static bool HasPositions(AttentionProblem problem) => problem.KeyStart != 0 || problem.QueryStart != problem.UsualQueryStart;

    // The catalogue name says nothing of plain softmax, and of its variants only what they add.
    private static string Suffix(Operation operation) =>
        operation == Operations.Softmax ? ""
        : operation.Name.StartsWith(SoftmaxPrefix, StringComparison.Ordinal) ? $"-{operation.Name[SoftmaxPrefix.Length..]}"
        : $"-{operation.Name}";

    private static string Suffix(Format format) => format.Input switch
    {
        Element.BFloat16 => "-bf16",
        Element.Float16 => "-f16",
        _ => "",
    };
}
