using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>How a recurrent layer makes a state from the one before and a row.</summary>
public enum Cell
{
    /// <summary>h = tanh(x·W + b + h₋·U) (Elman 1990, Finding structure in time).</summary>
    Tanh,

    /// <summary>
    /// The gated recurrent unit of Cho et al. 2014, section 2.3, with the reset gate after the product, as in cuDNN and PyTorch's <c>nn.GRU</c>:
    /// r = σ(x·Wr + bwr + h₋·Ur + bur), z likewise, n = tanh(x·Wn + bwn + r∘(h₋·Un + bun)), h = (1 − z)∘n + z∘h₋.
    /// </summary>
    Gru,
}

/// <summary>
/// A recurrent layer: from rows x, [batch, 1, tokens, width], the states y, [batch, 1, tokens, hidden], one after another from a state of zeros. The
/// mask and the heads of the problem mean nothing here: a state sees the rows up to its own.
/// <para>Tanh: w [width, hidden], b [hidden], u [hidden, hidden].</para>
/// <para>Gru: w [width, 3·hidden], bw [3·hidden], u [hidden, 3·hidden], bu [3·hidden], whose columns are those of r, z and n.</para>
/// </summary>
public sealed record RecurrentLayer : LayerOperation
{
    /// <summary>Parts of a matrix of a GRU: r, z and n.</summary>
    public const int Gates = 3;

    private static readonly IReadOnlyList<ImmutableArray<int>> tanhOutput = [[4]], gruOutput = [[5]];

    /// <summary>The cell.</summary>
    public Cell Cell { get; init; }

    /// <inheritdoc/>
    public override string Name => Cell == Cell.Gru ? "gru" : "rnn";

    /// <inheritdoc/>
    public override string Formula => Cell == Cell.Gru
        ? "h = (1 − z)∘n + z∘h₋; r, z = σ(x·W + bw + h₋·U + bu), n = tanh(x·Wn + bwn + r∘(h₋·Un + bun))"
        : "h = tanh(x·W + b + h₋·U)";

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => Cell == Cell.Gru ? gruOutput : tanhOutput;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format) =>
    [
        Rows("x", Role.Input, problem, problem.Queries, problem.Width),
        .. Cell == Cell.Gru
            ? GruWeights("", problem, format)
            : [Matrix("w", format, problem.Width, problem.Hidden), Vector("b", problem.Hidden), Matrix("u", format, problem.Hidden, problem.Hidden)],
        Rows("y", Role.Output, problem, problem.Queries, problem.Hidden),
    ];

    /// <inheritdoc/>
    protected override double Flops(LayerProblem problem) =>
        2.0 * (Cell == Cell.Gru ? Gates : 1) * problem.Batch * problem.Queries * problem.Hidden * ((double)problem.Width + problem.Hidden);

    /// <inheritdoc/>
    protected override long Steps(LayerProblem problem) => problem.Queries;

    /// <inheritdoc/>
    protected override string? WhyNot(LayerProblem problem) => problem.Keys == problem.Queries
        ? TooLarge(Name, problem)
        : $"{Name} has as many keys as queries, not {problem.Keys} and {problem.Queries}";

    /// <summary>The weights of a GRU; names begin with a prefix.</summary>
    internal static Operand[] GruWeights(string prefix, LayerProblem problem, Format format) =>
    [
        Matrix($"{prefix}w", format, problem.Width, Gates * problem.Hidden), Vector($"{prefix}bw", Gates * problem.Hidden),
        Matrix($"{prefix}u", format, problem.Hidden, Gates * problem.Hidden), Vector($"{prefix}bu", Gates * problem.Hidden),
    ];

    /// <summary>Why a matrix of the states, or all states, do not fit a tensor; null when they do.</summary>
    internal static string? TooLarge(string name, LayerProblem problem)
    {
        const long Most = int.MaxValue / Gates;
        return Math.Max(Math.Max(problem.Width, problem.Hidden), (long)problem.Batch * Math.Max(problem.Queries, problem.Keys)) > Most / problem.Hidden
            ? $"{name} would have more than {Most:N0} numbers in a matrix or in all states with {problem.Hidden:N0} numbers a state"
            : null;
    }
}
