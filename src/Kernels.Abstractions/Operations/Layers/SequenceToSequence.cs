using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>What the decoder of a sequence-to-sequence model sees of its encoder.</summary>
public enum DecoderContext
{
    /// <summary>The last state, at every step (Cho et al. 2014, section 2.2): the bottleneck that attention removed.</summary>
    Last,

    /// <summary>All states, weighted by an additive alignment with the decoder's state before the step (Bahdanau et al. 2015, section 3.1).</summary>
    Additive,

    /// <summary>All states, weighted by the softmax of dot products with the decoder's state before the step, times 1/√hidden (Luong et al. 2015, section
    /// 3.1; the scale is that of Vaswani et al. 2017, section 3.2.1).</summary>
    Dot,
}

/// <summary>
/// Sequence to sequence: a GRU over the rows c of the encoder, [batch, 1, keys, width], then one over the decoder's inputs x, [batch, 1, queries, width]
/// (teacher forcing), which begins with the encoder's last state and has a context of it as a further input of each step. y are the decoder's states,
/// [batch, 1, queries, hidden].
/// <para>
/// Both GRUs are those of <see cref="Cell.Gru"/>: ew, ebw, eu, ebu of the encoder and dw, dbw, du, dbu of the decoder, whose context is multiplied by
/// dc [hidden, 3·hidden]: x·W + bw becomes x·dw + dbw + context·dc. The additive alignment has wq and wk, [hidden, hidden], b and v, [hidden].
/// Mask and heads of the problem mean nothing here.
/// </para>
/// </summary>
public sealed record SequenceToSequence : LayerOperation
{
    private static readonly IReadOnlyList<ImmutableArray<int>> output = [[11]], alignedOutput = [[15]];
    private static readonly ImmutableArray<int> both = [X, 1];

    /// <summary>The context.</summary>
    public DecoderContext Context { get; init; }

    /// <inheritdoc/>
    public override string Name => Context == DecoderContext.Last ? "seq2seq" : $"seq2seq-{Context.ToString().ToLowerInvariant()}";

    /// <inheritdoc/>
    public override string Formula => "e = gru(c); s = gru([x, context], from the last e), context = " + Context switch
    {
        DecoderContext.Additive => "Σ_j softmax over j of v·tanh(s₋·Wq + e_j·Wk + b) · e_j",
        DecoderContext.Dot => "Σ_j softmax over j of s₋·e_j/√hidden · e_j",
        _ => "the last e",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => Context == DecoderContext.Additive ? alignedOutput : output;

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => both;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format) =>
    [
        Rows("x", Role.Input, problem, problem.Queries, problem.Width), Rows("c", Role.Input, problem, problem.Keys, problem.Width),
        .. RecurrentLayer.GruWeights("e", problem, format), .. RecurrentLayer.GruWeights("d", problem, format),
        Matrix("dc", format, problem.Hidden, RecurrentLayer.Gates * problem.Hidden),
        .. Context == DecoderContext.Additive ? AdditiveAttention.Alignment(problem.Hidden, problem, format) : [],
        Rows("y", Role.Output, problem, problem.Queries, problem.Hidden),
    ];

    /// <summary>The products of both GRUs, with the context of each step, or of the one of all steps; and the attention, whose pairs count as in
    /// <see cref="AdditiveAttention"/>.</summary>
    protected override double Flops(LayerProblem problem)
    {
        double hidden = problem.Hidden, rows = (double)problem.Keys + problem.Queries, contexts = Context == DecoderContext.Last ? 1 : problem.Queries;
        double cells = 2 * RecurrentLayer.Gates * hidden * (rows * (problem.Width + hidden) + contexts * hidden);
        double pairs = (double)problem.Queries * problem.Keys;
        return problem.Batch * (cells + Context switch
        {
            DecoderContext.Additive => 2 * hidden * hidden * rows + pairs * AdditiveAttention.PairFlops(problem, problem.Hidden),
            DecoderContext.Dot => pairs * 4 * hidden,
            _ => 0,
        });
    }

    /// <inheritdoc/>
    protected override long Steps(LayerProblem problem) => (long)problem.Keys + problem.Queries;

    /// <inheritdoc/>
    /// <remarks>With attention, the state that the encoder has at a row, and the decoder's that attends to it.</remarks>
    protected override long PathLength(LayerProblem problem) => Context == DecoderContext.Last ? Steps(problem) : 2;

    /// <inheritdoc/>
    protected override string? WhyNot(LayerProblem problem) => RecurrentLayer.TooLarge(Name, problem);
}
