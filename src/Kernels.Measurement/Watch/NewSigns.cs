using System.Collections.Immutable;
using System.Numerics.Tensors;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Measurement.Watch;

/// <summary>
/// Other inputs of the same distribution in the same memory: the rows of queries and keys that a seed chooses, with their values, about half, change their sign. The
/// same seed gives back what was there before.
/// </summary>
internal static class NewSigns
{
    /// <summary>Changes the inputs of the reference; a kernel that reads a copy needs a new one.</summary>
    public static void Flip(Operation operation, Inputs inputs, int seed)
    {
        var random = new Random(seed);
        ImmutableArray<Operand> operands = operation.Operands(inputs.Problem, Format.Float32);
        foreach (int place in operation.QueryInputs.Union(operation.KeyInputs))
            Flip(inputs[operands[place].Name], operands[place].Layout.Channels, random);
    }

    private static void Flip(Span<float> rows, int width, Random random)
    {
        for (int begin = 0; begin < rows.Length; begin += width)
        {
            Span<float> row = rows.Slice(begin, width);
            if (random.Next(2) == 0)
                TensorPrimitives.Negate(row, row);
        }
    }
}
