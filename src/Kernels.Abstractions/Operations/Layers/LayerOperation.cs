using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// A layer of a transformer, or of what came before it: from rows x, [batch, 1, queries, width], and weights, rows y. Matrices are [1, 1, in, out] or
/// [1, 1, out, in], see <see cref="WeightOrder"/>; biases are [1, 1, 1, out]. The first operand is x, the last y.
/// </summary>
public abstract record LayerOperation : Operation
{
    /// <summary>Place of x in a call.</summary>
    public const int X = 0;

    // Not in the operations, which are equal by their fields.
    private static readonly ImmutableArray<int> rowsOfX = [X];

    /// <summary>The order of matrices that rows are multiplied by.</summary>
    public WeightOrder WeightOrder { get; internal init; }

    /// <inheritdoc/>
    public sealed override bool IsFor(Problem problem) => problem is LayerProblem;

    /// <inheritdoc/>
    public sealed override string? WhyNot(Problem problem) => problem is LayerProblem layer
        ? WhyNot(layer)
        : $"{Name} is defined on problems of layers, which have a width, such as h12-q512-d64-m768-f3072, not on {problem}";

    /// <inheritdoc/>
    public sealed override ImmutableArray<Operand> Operands(Problem problem, Format format) => Operands(Layer(problem), format);

    /// <inheritdoc/>
    public sealed override double Flops(Problem problem) => Flops(Layer(problem));

    /// <inheritdoc/>
    public override ImmutableArray<int> QueryInputs => rowsOfX;

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => rowsOfX;

    /// <summary>
    /// States of a sequence that follow from one another, so that nothing computes them at the same time: the sequential operations of Vaswani et al. 2017,
    /// table 1. 1 where all rows can be computed at once.
    /// </summary>
    /// <exception cref="ArgumentException">The operation is not defined for this kind of problem.</exception>
    public long Steps(Problem problem) => Steps(Layer(problem));

    /// <summary>
    /// Most of these steps on the shortest way from a row that is read to a row of the output that depends on it: the maximum path length of Vaswani et al.
    /// 2017, table 1. In a sequence-to-sequence model the rows that are read are those of the encoder.
    /// </summary>
    /// <exception cref="ArgumentException">The operation is not defined for this kind of problem.</exception>
    public long PathLength(Problem problem) => PathLength(Layer(problem));

    /// <summary>See <see cref="Operation.Operands"/>.</summary>
    protected abstract ImmutableArray<Operand> Operands(LayerProblem problem, Format format);

    /// <summary>See <see cref="Operation.Flops"/>.</summary>
    protected abstract double Flops(LayerProblem problem);

    /// <summary>See <see cref="Steps(Problem)"/>.</summary>
    protected virtual long Steps(LayerProblem problem) => 1;

    /// <summary>See <see cref="PathLength(Problem)"/>.</summary>
    protected virtual long PathLength(LayerProblem problem) => Steps(problem);

    /// <summary>See <see cref="Operation.WhyNot"/>.</summary>
    protected virtual string? WhyNot(LayerProblem problem) => null;

    /// <summary>Rows of a sequence, always float32.</summary>
    private protected static Operand Rows(string name, Role role, LayerProblem problem, int tokens, int channels) =>
        new(name, role, Layout.Of(TokenOrder.HeadMajor, problem.Batch, 1, tokens, channels), Element.Float32);

    /// <summary>A matrix that rows of <paramref name="from"/> numbers are multiplied by, in the order of this operation.</summary>
    private protected Operand Weights(string name, Format format, int from, int to) =>
        WeightOrder == WeightOrder.OutIn ? Matrix(name, format, to, from) : Matrix(name, format, from, to);

    /// <summary>A matrix in the format of inputs.</summary>
    private protected static Operand Matrix(string name, Format format, int rows, int columns) =>
        new(name, Role.Input, Layout.Of(TokenOrder.HeadMajor, 1, 1, rows, columns), format.Input);

    /// <summary>A bias or gain, always float32.</summary>
    private protected static Operand Vector(string name, int channels) =>
        new(name, Role.Input, Layout.Of(TokenOrder.HeadMajor, 1, 1, 1, channels), Element.Float32);

    private LayerProblem Layer(Problem problem) => problem as LayerProblem
        ?? throw new ArgumentException(WhyNot(problem), nameof(problem));
}
