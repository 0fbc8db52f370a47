using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>An operation on q, k and v that gives o: attention of any kind.</summary>
public abstract record AttentionOperation : Operation
{
    /// <summary>Places of the operands in a call.</summary>
    public const int Q = 0, K = 1, V = 2, O = 3, Lse = 4;

    // Not in the operations, which are equal by their fields.
    private protected static readonly IReadOnlyList<ImmutableArray<int>> outputWithLse = [[O, Lse]];
    private static readonly IReadOnlyList<ImmutableArray<int>> outputAlone = [[O]];

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => outputAlone;

    /// <inheritdoc/>
    public sealed override ImmutableArray<Operand> Operands(Problem problem, Format format) => Operands(Attention(problem), format);

    /// <inheritdoc/>
    public sealed override double Flops(Problem problem) => Flops(Attention(problem));

    /// <inheritdoc/>
    public sealed override string? WhyNot(Problem problem) =>
        problem is AttentionProblem attention && IsFor(problem) ? WhyNot(attention) : $"{Name} is defined on attention problems, not on {problem}";

    /// <inheritdoc/>
    /// <remarks>Only keys and values that some query sees count.</remarks>
    public sealed override long Bytes(Problem problem, Format format)
    {
        AttentionProblem attention = Attention(problem);
        long bytes = 0;
        foreach (Operand each in Operands(attention, format))
        {
            long count = each.Name is "k" or "v" ? attention.Batch * attention.CountSeenKeys() * each.Layout.Channels : each.Layout.Count;
            bytes += count * each.Element.Size() * (each.Role == Role.Accumulated ? 2 : 1);
        }
        return bytes;
    }

    /// <summary>
    /// Numbers that decoding keeps for one more token, over batch and kv heads, after the tokens of <paramref name="problem"/>:
    /// all keys and values, or a state whose size does not depend on their number.
    /// </summary>
    public abstract double StateLength(AttentionProblem problem);

    /// <summary>See <see cref="Operation.Operands"/>.</summary>
    protected virtual ImmutableArray<Operand> Operands(AttentionProblem problem, Format format) => Tensors(problem, format, Role.Output);

    /// <summary>See <see cref="Operation.Flops"/>.</summary>
    protected abstract double Flops(AttentionProblem problem);

    /// <summary>See <see cref="Operation.WhyNot"/>.</summary>
    protected virtual string? WhyNot(AttentionProblem problem) => null;

    /// <summary>q, k and v, and o in a role.</summary>
    private protected static ImmutableArray<Operand> Tensors(AttentionProblem problem, Format format, Role output) =>
    [
        new("q", Role.Input, Layout.Of(problem.Order, problem.Batch, problem.Heads, problem.Queries, problem.HeadDim), format.Input),
        new("k", Role.Input, Layout.Of(problem.Order, problem.Batch, problem.KvHeads, problem.Keys, problem.HeadDim), format.Input),
        new("v", Role.Input, Layout.Of(problem.Order, problem.Batch, problem.KvHeads, problem.Keys, problem.ValueDim), format.Input),
        new("o", output, Layout.Of(problem.Order, problem.Batch, problem.Heads, problem.Queries, problem.ValueDim), format.Output),
    ];

    /// <summary>The gradients dq, dk and dv of the first three of <paramref name="forward"/>.</summary>
    private protected static ImmutableArray<Operand> Gradients(ImmutableArray<Operand> forward, Format format) =>
        [.. forward[..O].Select(input => input with { Name = "d" + input.Name, Role = Role.Output, Element = format.Output })];

    /// <summary>The log-sum-exp of each row of o, [batch, heads, queries, 1], always in head-major order.</summary>
    private protected static Operand RowSums(AttentionProblem problem, Role role) => new(
        "lse", role, Layout.Of(TokenOrder.HeadMajor, problem.Batch, problem.Heads, problem.Queries, 1), Element.Float32);

    /// <summary>2·(headDim + valueDim) operations for each visible pair: the products QKᵀ and PV.</summary>
    private protected static double PairFlops(AttentionProblem problem) =>
        2.0 * problem.Batch * problem.CountVisiblePairs() * (problem.HeadDim + problem.ValueDim);

    /// <summary>
    /// Operations of a state of <paramref name="features"/> × valueDim numbers: updated by each key of a kv head, read by each query.
    /// </summary>
    private protected static double StateFlops(AttentionProblem problem, int features) =>
        2.0 * problem.Batch * features * problem.ValueDim * ((double)problem.KvHeads * problem.Keys + (double)problem.Heads * problem.Queries);

    /// <summary>
    /// Numbers in <paramref name="rows"/> rows of a kv head, each of <paramref name="columns"/>, over batch and kv heads.
    /// </summary>
    private protected static double PerKvHead(AttentionProblem problem, double rows, double columns) =>
        (double)problem.Batch * problem.KvHeads * rows * columns;

    private AttentionProblem Attention(Problem problem) => problem as AttentionProblem
        ?? throw new ArgumentException($"{Name} is defined on attention problems, not on {problem}.", nameof(problem));
}
