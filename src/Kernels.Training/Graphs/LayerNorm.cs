using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>
/// output = (x − mean)/√(variance + ε)·gain + shift for each row (Ba, Kiros and Hinton 2016, equation 4); backwards by a kernel of this suite.
/// </summary>
internal sealed unsafe class LayerNorm : Node
{
    private readonly Value x, gain, shift;
    private readonly KernelGradients backward;

    /// <summary>Prepares the kernel.</summary>
    /// <param name="graph">Where it belongs.</param>
    /// <param name="x">[rows, width].</param>
    /// <param name="gain">[1, width].</param>
    /// <param name="shift">[1, width].</param>
    /// <exception cref="NotSupportedException">A kernel refuses the sizes.</exception>
    public LayerNorm(Graph graph, Value x, Value gain, Value shift)
        : base(graph.Create(x.Rows, x.Columns), x, gain, shift)
    {
        (this.x, this.gain, this.shift) = (x, gain, shift);
        backward = new(
            graph, Operations.NormBackward, LayerProblem.OfRows(x.Rows, x.Columns, x.Columns),
            [(nint)x.Data, (nint)gain.Data, (nint)Output.Gradient], x, gain, shift);
    }

    /// <summary>ε, that of the backward pass.</summary>
    public static double Epsilon => Operations.NormBackward.Epsilon;

    public override void Forward()
    {
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> y = Output.Row(row);
            TensorPrimitives.Subtract(x.Row(row), TensorPrimitives.Sum(x.Row(row)) / x.Columns, y);
            TensorPrimitives.Multiply(y, 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(y) / x.Columns + (float)Epsilon), y);
            TensorPrimitives.MultiplyAdd(y, gain.Numbers, shift.Numbers, y);
        }
    }

    public override void Backward() => backward.Add();
}
