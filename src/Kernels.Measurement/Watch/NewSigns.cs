using System.Collections.Immutable;
using System.Numerics.Tensors;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Measurement.Watch;

/// <summary>
/// Other inputs of the same distribution in the same memory: the rows of queries and keys that a seed chooses, with their values, about half, change their
/// sign. Of captured inputs channels do, those of queries and keys together, so that every query looks at the same keys as before. The same seed gives back
/// what was there before.
/// </summary>
internal static class NewSigns
{
    /// <summary>Changes the inputs of the reference; a kernel that reads a copy needs a new one.</summary>
    public static void Flip(Operation operation, Inputs inputs, int seed)
    {
        var random = new Random(seed);
        if (inputs.AreCaptured)
        {
            FlipChannels(inputs, (AttentionProblem)inputs.Problem, random);
            return;
        }
        ImmutableArray<Operand> operands = operation.Operands(inputs.Problem, Format.Float32);
        foreach (int place in operation.QueryInputs.Union(operation.KeyInputs))
            Flip(inputs[operands[place].Name], operands[place].Layout.Channels, random);
    }

    private static void FlipChannels(Inputs inputs, AttentionProblem problem, Random random)
    {
        int group = problem.Heads / problem.KvHeads;
        for (int index = 0; index < problem.Batch * problem.KvHeads; index++)
        {
            float[] scores = Signs(problem.HeadDim, random), values = Signs(problem.ValueDim, random);
            Multiply(Heads("k", index, problem.Keys, problem.HeadDim, count: 1), scores);
            Multiply(Heads("q", index * group, problem.Queries, problem.HeadDim, group), scores);
            Multiply(Heads("v", index, problem.Keys, problem.ValueDim, count: 1), values);
        }

        Span<float> Heads(string operand, int first, int tokens, int width, int count) => inputs[operand].Slice(first * tokens * width, count * tokens * width);
    }

    // The first channel always changes, so that no output remains what it was.
    private static float[] Signs(int width, Random random) => [.. Enumerable.Range(0, width).Select(channel => channel == 0 || random.Next(2) == 0 ? -1f : 1)];

    private static void Multiply(Span<float> rows, float[] signs)
    {
        for (int begin = 0; begin < rows.Length; begin += signs.Length)
        {
            Span<float> row = rows.Slice(begin, signs.Length);
            TensorPrimitives.Multiply(row, signs, row);
        }
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
