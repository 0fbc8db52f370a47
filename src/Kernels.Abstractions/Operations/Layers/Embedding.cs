using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>What the rows of an embedding say of the places of their tokens.</summary>
public enum Positions
{
    /// <summary>A row of a second table (BERT, Devlin et al. 2019, section 3; GPT-2).</summary>
    Learned,

    /// <summary>
    /// sin(p·10000^(−2i/width)) at channel 2i and the cosine at channel 2i + 1 (Vaswani et al. 2017, section 3.5), made in float64 and rounded once.
    /// </summary>
    Sinusoidal,

    /// <summary>Nothing: later layers know places by themselves, as Llama's do.</summary>
    None,
}

/// <summary>
/// The beginning of a transformer: y[t] = table[row of ids[t]] + position[keys − queries + t]. ids are [batch, 1, queries, 1], the table is [hidden, width]
/// with <see cref="LayerProblem.Hidden"/> as the vocabulary, learned positions are [keys, width], and y is [batch, 1, queries, width]. With more keys than
/// queries the ids are the last ones of a sequence, as behind a cache. The factor √width of Vaswani et al. 2017, section 3.4, is left to the table. Mask and
/// heads of the problem mean nothing here.
/// <para>
/// ids are float32, as all operands whose numbers a caller gives; every whole number up to <see cref="LargestVocabulary"/> is one. So that every finite number
/// names a row, those of a timing that changes its inputs among them, see <see cref="RowOf"/>; NaN and infinities name none and give rows of NaN.
/// </para>
/// </summary>
public sealed record Embedding : LayerOperation
{
    /// <summary>The base of the wavelengths of sinusoidal positions (Vaswani et al. 2017, section 3.5).</summary>
    public const double SinusoidBase = 10000;

    /// <summary>The largest vocabulary: 2²⁴, up to which every whole number is a float32.</summary>
    public const int LargestVocabulary = 1 << 24;

    /// <summary>Place of the table in a call.</summary>
    public const int Table = 1;

    /// <summary>Place of learned positions in a call.</summary>
    public const int PositionTable = 2;

    private static readonly IReadOnlyList<ImmutableArray<int>> output = [[2]], learnedOutput = [[3]];
    private static readonly ImmutableArray<int> withPositions = [X, PositionTable];

    /// <summary>The kind of positions.</summary>
    public Positions Positions { get; init; }

    /// <inheritdoc/>
    public override string Name => Positions switch
    {
        Positions.Learned => "embedding",
        Positions.None => "embedding-plain",
        _ => "embedding-sinusoidal",
    };

    /// <inheritdoc/>
    public override string Formula => Positions switch
    {
        Positions.Learned => "table[ids] + positions",
        Positions.None => "table[ids]",
        _ => "table[ids] + sin, cos(p·10000^(−2i/width)) at even and odd channels",
    };

    /// <inheritdoc/>
    public override bool IsRowwise => true;

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => Positions == Positions.Learned ? learnedOutput : output;

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => Positions == Positions.Learned ? withPositions : base.KeyInputs;

    /// <summary>
    /// The row that a number names: the nearest whole number, ties to even, modulo the vocabulary, so that −1 is the last row; −1 when it names none.
    /// </summary>
    public static int RowOf(float id, int vocabulary)
    {
        if (!float.IsFinite(id))
            return -1;
        double row = Math.Round((double)id) % vocabulary;
        return (int)(row < 0 ? row + vocabulary : row);
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format) =>
    [
        Rows("ids", Role.Input, problem, problem.Queries, 1),
        Matrix("table", format, problem.Hidden, problem.Width),
        .. Positions == Positions.Learned ? (Operand[])[Matrix("positions", Format.Float32, problem.Keys, problem.Width)] : [],
        Rows("y", Role.Output, problem, problem.Queries, problem.Width),
    ];

    /// <summary>One for each number of the output: the addition of its position, or its copy where there is none.</summary>
    protected override double Flops(LayerProblem problem) => (double)problem.Batch * problem.Queries * problem.Width;

    /// <inheritdoc/>
    /// <remarks>Of the tables only rows of tokens, one for each, count.</remarks>
    public override long Bytes(Problem problem, Format format)
    {
        ImmutableArray<Operand> operands = Operands(problem, format);
        Layout ids = operands[X].Layout;
        return operands.Sum(each => each.Name switch
        {
            "table" => Math.Min((long)ids.Batch * ids.Tokens, each.Layout.Tokens) * each.Layout.Channels * each.Element.Size(),
            "positions" => (long)ids.Tokens * each.Layout.Channels * each.Element.Size(),
            _ => each.Bytes,
        });
    }

    /// <inheritdoc/>
    protected override string? WhyNot(LayerProblem problem) =>
        problem.Keys < problem.Queries ? $"{Name} has {problem.Keys} positions, too few for {problem.Queries} tokens"
        : problem.Hidden > LargestVocabulary ? $"{Name} has ids up to {LargestVocabulary:N0}, which are exact in float32, not {problem.Hidden:N0}"
        : null;
}
