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

    /// <summary>The operands of a call, float32.</summary>
    internal sealed class OfCall(Tensor[] tensors) : LayerNumbers
    {
        private readonly Dictionary<string, float[]> copies = [];

        /// <inheritdoc/>
        public override ReadOnlySpan<float> this[string operand]
        {
            get
            {
                Tensor tensor = tensors.First(each => each.Operand.Name == operand);
                if (tensor.Layout.IsHeadMajor)
                    return tensor.All<float>();
                if (!copies.TryGetValue(operand, out float[]? copy))
                    copies.Add(operand, copy = Copy(tensor));
                return copy;
            }
        }

        private static float[] Copy(Tensor tensor)
        {
            Layout layout = tensor.Layout;
            float[] numbers = new float[layout.Count];
            for (int head = 0; head < layout.Batch * layout.Heads; head++)
            {
                for (int token = 0; token < layout.Tokens; token++)
                    tensor.Row<float>(head / layout.Heads, head % layout.Heads, token).CopyTo(numbers.AsSpan((head * layout.Tokens + token) * layout.Channels));
            }
            return numbers;
        }
    }
}
