using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>Adds the parts of a <see cref="PartialSumsStep{TSet}"/>, and ends the product. An item is some columns of all rows.</summary>
/// <param name="product">The product.</param>
/// <param name="sums">[parts, rows, width]; the first part takes the sum of all.</param>
internal sealed unsafe class PartialSumsEnd<TSet>(ProductStep<TSet> product, Rows sums) : LayerStep
    where TSet : struct, IInstructionSet
{
    private const int Columns = 512;

    /// <inheritdoc/>
    public override LayerPart Part => product.Part;

    /// <inheritdoc/>
    public override int Items => (product.Width - 1) / Columns + 1;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        int column = item * Columns, columns = Math.Min(Columns, product.Width - column), stride = product.RowCount * product.Width;
        float* first = sums.Of(call) + column;
        for (int row = 0; row < product.RowCount; row++)
        {
            float* sum = first + row * product.Width;
            for (int part = 1; part < PartialSumsStep<TSet>.Parts; part++)
                TSet.Add(sum + (nint)part * stride, sum, sum, columns);
        }
        product.End(call, first, gates: null, product.Width, begin: 0, product.RowCount, column, columns);
    }
}
