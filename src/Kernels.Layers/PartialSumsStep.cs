using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// The sums of a product of few rows, in parts of the depth. An item reads whole consecutive rows of W: memory as it lies, where panels of columns would
/// leave a gap after each row. <see cref="PartialSumsEnd{TSet}"/> adds the parts in their order, whichever thread computed them.
/// </summary>
/// <param name="product">A product with a bfloat16 matrix, for which <see cref="IsFor"/> holds.</param>
/// <param name="sums">[<see cref="Parts"/>, rows, width].</param>
internal sealed unsafe class PartialSumsStep<TSet>(ProductStep<TSet> product, Rows sums) : LayerStep
    where TSet : struct, IInstructionSet
{
    /// <summary>Parts of the depth: several for each thread, so that uneven ones balance.</summary>
    public const int Parts = 16;

    // The sums of a row must stay in the first-level cache beside what is prefetched.
    private const int MostSums = 4096;

    /// <inheritdoc/>
    public override LayerPart Part => product.Part;

    /// <inheritdoc/>
    public override int Items => Parts;

    /// <summary>Whether a product is computed faster so.</summary>
    public static bool IsFor(ProductStep<TSet> product) => product.IsStreamed && product.Gate is null && product.RowCount * product.Width <= MostSums;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        int begin = Begin(item);
        var operands = new StreamedOperands
        {
            X = product.X.Of(call) + begin,
            XRow = product.Depth,
            Rows = product.RowCount,
            Depth = Begin(item + 1) - begin,
            W = (StoredBFloat16*)product.W.Of(call) + (nint)begin * product.Width,
            Width = product.Width,
            Count = product.Width,
            Sums = sums.Of(call) + (nint)item * product.RowCount * product.Width,
            SumsRow = product.Width,
        };
        var part = new StreamedProduct { Operands = operands };
        TSet.Run(ref part);
    }

    private int Begin(int item) => (int)((long)product.Depth * item / Parts);
}
