using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="RotaryBackward"/>: pairs turned by the negative angle.</summary>
internal class RotaryBackwardFormula(RotaryBackward operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : LayerBackwardFormula(operation, arithmetic, problem, numbers)
{
    /// <inheritdoc/>
    protected override double[] Gradient(string name, int head, int token)
    {
        int d = Problem.HeadDim;
        double[] row = LayerNumbers.Widen(Numbers["dy"].Slice((head * Problem.Queries + token) * d, d));
        Rotate(row, Angle(token), operation.Base);
        return row;
    }

    /// <summary>The angle of the longest step, in positions.</summary>
    protected virtual int Angle(int token) => -(Problem.Keys - Problem.Queries + token);
}
