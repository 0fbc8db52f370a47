using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The inputs of a layer by name, wherever they are.</summary>
internal abstract class LayerNumbers
{
    /// <summary>All numbers of an operand, in head-major order.</summary>
    public abstract ReadOnlySpan<float> this[string operand] { get; }

    /// <summary>A row of x or c.</summary>
    public double[] Row(string operand, int batch, int tokens, int token, int width) =>
        Widen(this[operand].Slice((batch * tokens + token) * width, width));

    /// <summary>The numbers in float64.</summary>
    public static double[] Widen(ReadOnlySpan<float> numbers)
    {
        double[] wide = new double[numbers.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = numbers[i];
        return wide;
    }

    /// <summary>Those of a validation.</summary>
    internal sealed class OfInputs(Inputs inputs) : LayerNumbers
    {
        /// <inheritdoc/>
        public override ReadOnlySpan<float> this[string operand] => inputs[operand];
    }

    /// <summary>The operands of a call, float32 in head-major order.</summary>
    internal sealed class OfCall(Tensor[] tensors) : LayerNumbers
    {
        /// <inheritdoc/>
        public override ReadOnlySpan<float> this[string operand] => tensors.First(each => each.Operand.Name == operand).All<float>();
    }
}
