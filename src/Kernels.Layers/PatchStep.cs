using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>Copies the patches of an image, each to a row. An item is a patch.</summary>
internal sealed unsafe class PatchStep(LayerProblem problem, Rows patches) : LayerStep
{
    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Embedding;

    /// <inheritdoc/>
    public override int Items => problem.Batch * (problem.Queries - 1);

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        (int batch, int patch) = Math.DivRem(item, problem.Queries - 1);
        Gather(call, problem, batch, patch, patches.Of(call) + (nint)item * Patches.PatchWidth(problem));
    }

    /// <summary>The numbers of a patch: its channels one after the other, in each its rows of pixels.</summary>
    public static void Gather(in Call call, LayerProblem problem, int batch, int patch, float* numbers)
    {
        int d = problem.HeadDim;
        (int top, int left) = Math.DivRem(patch, Patches.Side(problem));
        for (int channel = 0; channel < problem.Heads; channel++)
        {
            for (int row = 0; row < d; row++, numbers += d)
                new ReadOnlySpan<float>(call[LayerOperation.X].At<float>(batch, channel, top * d + row) + left * d, d).CopyTo(new Span<float>(numbers, d));
        }
    }
}

/// <summary>Adds positions to the rows of all tokens, the class token before the patches. An item is a token of every sequence.</summary>
internal sealed unsafe class PositionStep<TSet>(LayerProblem problem) : LayerStep
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Embedding;

    /// <inheritdoc/>
    public override int Items => problem.Queries;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        for (int batch = 0; batch < problem.Batch; batch++)
        {
            float* y = call[call.Tensors.Length - 1].At<float>(batch, 0, item);
            TSet.Add(item == 0 ? (float*)call[Patches.Class].Start : y, call[Patches.PositionTable].At<float>(0, 0, item), y, problem.Width);
        }
    }
}
