using Kernels.Abstractions;
using static Kernels.Reference.BackwardMistake;

namespace Kernels.Reference;

/// <summary>Backward passes of pieces of layers with one mistake each.</summary>
internal static class WrongBackward
{
    private const int Block = 64;

    private static readonly (BackwardMistake Mistake, string Name, string What, Func<LayerBackward, bool> Of)[] all =
    [
        (NotTransposed, "not-transposed", "multiplies with W as it lies in memory, not with its transpose", operation => operation is ProjectionBackward or FeedForwardBackward),
        (GradientTransposed, "gradient-transposed", "writes dyᵀ·x in place of xᵀ·dy", operation => operation is ProjectionBackward),
        (BiasOfFirstSequence, "bias-of-first-sequence", "sums the gradient of a bias or gain over the first sequence alone", operation => operation is not RotaryBackward),
        (BiasOfLastRow, "bias-of-last-row", "overwrites the gradient of a bias or gain with every row", operation => operation is not RotaryBackward),
        (MatrixOfLastSequence, "matrix-of-last-sequence", "overwrites the gradients of matrices with every sequence", operation => operation is ProjectionBackward or FeedForwardBackward),
        (LastBlockDropped, "drops-last-block", "forgets the rows after the last whole block of 64 in sums over rows", operation => operation is not RotaryBackward),
        (Averaged, "averaged", "divides sums over rows by their number", operation => operation is ProjectionBackward),
        (NoMeanOfGradient, "no-mean-of-gradient", "forgets the mean of dy∘gain", operation => operation is NormBackward { RootMeanSquare: false }),
        (NoMeanOfProduct, "no-mean-of-product", "forgets the mean of dy∘gain∘x̂", operation => operation is NormBackward),
        (OverRows, "over-rows", "takes means over the rows of a sequence in place of channels", operation => operation is NormBackward),
        (GainForgotten, "no-gain", "forgets the gain in dx", operation => operation is NormBackward),
        (FactorForgotten, "no-factor", "does not divide dx by the deviation", operation => operation is NormBackward),
        (RowsNotNormed, "rows-not-normed", "sums dy∘x in place of dy∘x̂ for the gain", operation => operation is NormBackward),
        (OneLess, "norm-of-one-less", "divides squares by width − 1", operation => operation is NormBackward),
        (DerivativeAtOutput, "derivative-at-output", "takes the derivative of the activation at its output", operation => operation is FeedForwardBackward { Activation: not Activation.Relu }),
        (DerivativeOfRelu, "derivative-of-relu", "takes the derivative of max(u, 0) for that of the activation", operation => operation is FeedForwardBackward { Activation: not Activation.Relu }),
        (DerivativeForgotten, "no-derivative", "forgets the derivative of the activation", operation => operation is FeedForwardBackward),
        (DerivativeByTanh, "derivative-by-tanh", "takes the derivative of the tanh approximation of GELU", operation => operation is FeedForwardBackward { Activation: Activation.Gelu }),
        (NotActivated, "not-activated", "takes the rows before the activation for dW2", operation => operation is FeedForwardBackward),
        (GateForgotten, "no-gate", "forgets the gate in du", operation => operation is FeedForwardBackward { IsGated: true }),
        (GateByDerivative, "gate-by-derivative", "takes the derivative of the activation for the gradient of the gate", operation => operation is FeedForwardBackward { IsGated: true }),
        (GateNotInInput, "gate-not-in-input", "forgets in dx what comes through the gate", operation => operation is FeedForwardBackward { IsGated: true }),
        (SigmoidAlone, "sigmoid", "takes the sigmoid for the derivative of silu", operation => operation is FeedForwardBackward { IsGated: true }),
        (TurnedForth, "turned-forth", "turns by the positive angle, as the forward pass does", operation => operation is RotaryBackward),
        (AdjacentPairs, "adjacent-pairs", "turns adjacent channels", operation => operation is RotaryBackward),
        (HalvesSwapped, "halves-swapped", "takes the second channel of a pair for the first", operation => operation is RotaryBackward),
        (PositionOneOff, "position-one-off", "turns by the position after the token's", operation => operation is RotaryBackward),
        (PositionsFromZero, "positions-from-zero", "counts positions of last tokens from zero", operation => operation is RotaryBackward),
        (HalfFrequencies, "half-frequencies", "takes base^(−i/d) for the frequencies", operation => operation is RotaryBackward),
    ];

    /// <summary>Those of an operation.</summary>
    public static IReadOnlyList<WrongKernel> Create(LayerOperation operation) => operation is not LayerBackward backward ? [] :
    [
        .. all.Where(each => each.Of(backward)).Select(each => new WrongKernel(
            new FormulaKernel(each.Name, each.What, operation, (own, arithmetic, problem, numbers) => own switch
            {
                ProjectionBackward projection => new MistakenProjection(each.Mistake, projection, arithmetic, problem, numbers),
                NormBackward norm => new MistakenNorm(each.Mistake, norm, arithmetic, problem, numbers),
                FeedForwardBackward feedForward => new MistakenFeedForward(each.Mistake, feedForward, arithmetic, problem, numbers),
                RotaryBackward rotary => new MistakenRotary(each.Mistake, rotary, arithmetic, problem, numbers),
                _ => throw new NotSupportedException($"{own} has no mistakes."),
            }),
            FailureKind.Inaccurate, FailureKind.InaccurateOnAverage)),
    ];

    /// <summary>Whether a mistaken sum over rows has a row.</summary>
    /// <param name="mistake">The mistake.</param>
    /// <param name="problem">Sizes.</param>
    /// <param name="row">The row, counted through all sequences.</param>
    /// <param name="name">Name of the gradient that is the sum.</param>
    public static bool Counts(BackwardMistake mistake, LayerProblem problem, int row, string name)
    {
        int rows = problem.Batch * problem.Queries;
        bool isMatrix = name.StartsWith("dw", StringComparison.Ordinal);
        return mistake switch
        {
            BiasOfFirstSequence => isMatrix || row < problem.Queries,
            BiasOfLastRow => isMatrix || row == rows - 1,
            MatrixOfLastSequence => !isMatrix || row >= rows - problem.Queries,
            LastBlockDropped => rows < Block || row < rows / Block * Block,
            _ => true,
        };
    }
}
