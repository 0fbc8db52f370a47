using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>The ends of a transformer from the steps of layers: products of panels, rows in vectors.</summary>
/// <param name="operation"><see cref="Embedding"/>, <see cref="Patches"/>, <see cref="Vocabulary"/> or <see cref="Projection"/>.</param>
/// <param name="format">Of the weights: <see cref="Format.Float32"/>, or <see cref="Format.BFloat16"/> for the matrix of a vocabulary.</param>
public sealed class TiledEnds<TSet>(LayerOperation operation, Format format) : StepKernel<TSet>
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        $"layers-tiled-{operation.Name}{(format == Format.Float32 ? "" : "-bf16")}",
        format != Format.Float32 ? "weights in bfloat16: half the bytes to read"
        : operation is Embedding ? "rows in vectors; sines and cosines once for all sequences"
        : "products in register tiles from panels in cache, rows in vectors", operation)
    {
        BuildsOn = format == Format.Float32 ? $"layers-naive-{operation.Name}" : $"layers-tiled-{operation.Name}",
        Format = format,
    };

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem)
    {
        var sizes = (LayerProblem)problem;
        ImmutableArray<LayerStep> steps = operation switch
        {
            Embedding embedding => [new EmbeddingStep<TSet>(embedding, sizes)],
            Patches => OfPatches(sizes),
            Projection => [Product(sizes, LayerPart.Projections)],
            _ => OfWords(sizes),
        };
        return new LayerPlan(steps, operation is Patches ? (long)sizes.Batch * (sizes.Queries - 1) * Patches.PatchWidth(sizes) : 0);
    }

    // Between the patches of two sequences is a class token, so each has a product of its own.
    private ImmutableArray<LayerStep> OfPatches(LayerProblem sizes)
    {
        int patches = sizes.Queries - 1, depth = Patches.PatchWidth(sizes);
        var gathered = new Rows(-1);
        return
        [
            new PatchStep(sizes, gathered),
            .. Enumerable.Range(0, sizes.Batch).Select(batch => new ProductStep<TSet>
            {
                X = gathered with { Offset = (long)batch * patches * depth }, RowCount = patches, Depth = depth,
                W = new(Patches.W), Bias = new(Patches.W + 1), Width = sizes.Width, Part = LayerPart.Embedding,
                Output = new(Output(sizes), ((long)batch * sizes.Queries + 1) * sizes.Width),
            }),
            new PositionStep<TSet>(sizes),
        ];
    }

    private ImmutableArray<LayerStep> OfWords(LayerProblem sizes) =>
        [Product(sizes, LayerPart.Vocabulary), new WordSoftmaxStep<TSet>(sizes, new Rows(Output(sizes)))];

    private ProductStep<TSet> Product(LayerProblem sizes, LayerPart part) => new()
    {
        X = new(LayerOperation.X),
        RowCount = sizes.Batch * sizes.Queries,
        Depth = sizes.Width,
        W = new(RowProduct.W),
        Bias = new(RowProduct.W + 1),
        Width = sizes.Hidden,
        Order = operation.WeightOrder,
        Part = part,
        Output = new Rows(Output(sizes)),
    };

    private int Output(LayerProblem sizes) => operation.Operands(sizes, format).Length - 1;
}
