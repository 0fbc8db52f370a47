using System.Numerics.Tensors;

namespace Kernels.Training.Graphs;

/// <summary>
/// output = (x − mean)/√(variance + ε)·gain + shift for each row (Ba, Kiros and Hinton 2016, equation 4). With n the normed row and g = dy∘gain,
/// dx = (g − mean(g) − n·mean(g∘n))/√(variance + ε).
/// </summary>
/// <param name="output">[rows, width].</param>
/// <param name="x">[rows, width].</param>
/// <param name="gain">[1, width].</param>
/// <param name="shift">[1, width].</param>
/// <param name="normed">[rows, width]: n, kept for the way back.</param>
/// <param name="scratch">[1, width].</param>
internal sealed class LayerNorm(Value output, Value x, Value gain, Value shift, Value normed, Value scratch) : Node(output, x, gain, shift)
{
    /// <summary>ε, that of the suite's layers.</summary>
    public const float Epsilon = (float)Abstractions.TransformerLayer.UsualEpsilon;

    private readonly float[] factors = new float[x.Rows];

    public override void Forward()
    {
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> n = normed.Row(row);
            TensorPrimitives.Subtract(x.Row(row), TensorPrimitives.Sum(x.Row(row)) / x.Columns, n);
            factors[row] = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares(n) / x.Columns + Epsilon);
            TensorPrimitives.Multiply(n, factors[row], n);
            TensorPrimitives.MultiplyAdd(n, gain.Numbers, shift.Numbers, Output.Row(row));
        }
    }

    public override void Backward()
    {
        Span<float> g = scratch.Numbers;
        for (int row = 0; row < x.Rows; row++)
        {
            ReadOnlySpan<float> dy = Output.GradientRow(row), n = normed.Row(row);
            TensorPrimitives.Add(shift.Gradients, dy, shift.Gradients);
            TensorPrimitives.MultiplyAdd(dy, n, gain.Gradients, gain.Gradients);
            TensorPrimitives.Multiply(dy, gain.Numbers, g);
            float mean = TensorPrimitives.Sum(g) / x.Columns, along = TensorPrimitives.Dot(g, n) / x.Columns;
            TensorPrimitives.MultiplyAdd(n, -along, g, g);
            TensorPrimitives.Subtract(g, mean, g);
            TensorPrimitives.MultiplyAdd(g, factors[row], x.GradientRow(row), x.GradientRow(row));
        }
    }
}
