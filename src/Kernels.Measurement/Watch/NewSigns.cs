using System.Numerics.Tensors;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Measurement.Watch;

/// <summary>
/// Other inputs of the same distribution in the same memory: the rows of q, k and v that a seed chooses, about half, change their sign. The
/// same seed gives back what was there before.
/// </summary>
internal static class NewSigns
{
    /// <summary>Changes the inputs of the reference; a kernel that reads a copy needs a new one.</summary>
    public static void Flip(Inputs inputs, int seed)
    {
        var problem = (AttentionProblem)inputs.Problem;
        var random = new Random(seed);
        Flip(inputs["q"], problem.HeadDim, random);
        Flip(inputs["k"], problem.HeadDim, random);
        Flip(inputs["v"], problem.ValueDim, random);
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
