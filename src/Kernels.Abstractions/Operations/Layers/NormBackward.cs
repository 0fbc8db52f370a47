using System.Collections.Immutable;
using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// The backward pass of a norm over the channels of a row, y = x̂∘gain + bias with x̂ = (x − mean)·r and r = 1/√(variance + ε) (Ba et al. 2016), or x̂ = x·r and
/// r = 1/√(mean of squares + ε) (Zhang and Sennrich 2019). With h = dy∘gain and means over the channels: dx = r·(h − mean(h) − x̂·mean(h∘x̂)), without mean(h) where the
/// norm subtracts no mean; dgain = Σ dy∘x̂ and dbias = Σ dy over the rows of all sequences. x, dy and dx are [batch, 1, queries, width], gain, dgain and dbias [width];
/// a norm by the mean square has no dbias. Hidden width and heads of the problem mean nothing here.
/// </summary>
public sealed record NormBackward : LayerBackward
{
    /// <summary>Places of the operands in a call, behind x.</summary>
    public const int Gain = 1, GradY = 2, GradX = 3, GradGain = 4, GradBias = 5;

    // A number costs: mean 1, centred 1, squares 2, x̂ 1, h 1, mean(h) 1, mean(h∘x̂) 2, dx 4, dgain 2, dbias 1; what is of a mean alone is left out without one.
    private const int FlopsOfNumber = 16, FlopsWithoutMean = 11;

    private static readonly IReadOnlyList<ImmutableArray<int>> gradients = [[GradX], [GradGain], [GradBias]], withoutBias = [[GradX], [GradGain]];
    private static readonly ImmutableArray<int> rows = [GradY];

    /// <summary>Whether the norm divides by the root of the mean square and subtracts no mean.</summary>
    public bool RootMeanSquare { get; init; }

    /// <summary>Added to a variance, or a mean square, before its root.</summary>
    public double Epsilon { get; init; } = TransformerLayer.UsualEpsilon;

    /// <inheritdoc/>
    public override string Name => "norm-backward" + (RootMeanSquare ? "-rms" : "")
        + (Epsilon == TransformerLayer.UsualEpsilon ? "" : string.Create(CultureInfo.InvariantCulture, $"-eps{Epsilon:R}"));

    /// <inheritdoc/>
    public override string Formula => RootMeanSquare
        ? "dx = r·(h − x̂·mean(h∘x̂)), dgain = Σ dy∘x̂ over all rows; h = dy∘gain, x̂ = x·r, r = 1/√(mean(x²) + ε)"
        : "dx = r·(h − mean(h) − x̂·mean(h∘x̂)), dgain = Σ dy∘x̂, dbias = Σ dy over all rows; h = dy∘gain, x̂ = (x − mean(x))·r, r = 1/√(variance + ε)";

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => RootMeanSquare ? withoutBias : gradients;

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => rows;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format)
    {
        Operand x = Rows("x", Role.Input, problem, problem.Queries, problem.Width), gain = Vector("gain", problem.Width);
        return
        [
            x, gain, x with { Name = "dy" }, Gradient(x), Gradient(gain), .. RootMeanSquare ? (Operand[])[] : [Gradient(Vector("bias", problem.Width))],
        ];
    }

    /// <summary>Additions and multiplications of each number of x; roots and quotients, one a row, do not count.</summary>
    protected override double Flops(LayerProblem problem) =>
        (double)problem.Batch * problem.Queries * problem.Width * (RootMeanSquare ? FlopsWithoutMean : FlopsOfNumber);
}
