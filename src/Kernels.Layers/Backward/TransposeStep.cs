using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Layers.Backward;

/// <summary>
/// Copies rows into the transposed matrix, whose rows the register tiles of a product over all rows read one number after the other. It reads and writes each
/// number once, where a product that read it down the columns would for each panel. An item is a few rows.
/// </summary>
internal sealed unsafe class TransposeStep : LayerStep
{
    // Whole cache lines of the transposed rows, so that two threads seldom write to the same.
    private const int RowsOfItem = 4 * CacheLine.Floats;

    /// <summary>[rows, width].</summary>
    public required Rows X { get; init; }

    /// <summary>[width, rows].</summary>
    public required Rows Output { get; init; }

    /// <summary>Rows of x.</summary>
    public required int RowCount { get; init; }

    /// <summary>Columns of x.</summary>
    public required int Width { get; init; }

    /// <inheritdoc/>
    public override int Items => (RowCount - 1) / RowsOfItem + 1;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        int begin = item * RowsOfItem;
        Transpose.Copy(X.Of(call) + (nint)begin * Width, Width, Math.Min(RowsOfItem, RowCount - begin), Width, Output.Of(call) + begin, RowCount);
    }
}
