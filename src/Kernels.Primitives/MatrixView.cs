namespace Kernels.Primitives;

/// <summary>A view of a float matrix; element (row, column) lies at Start[row·RowStride + column·ColumnStride].</summary>
/// <param name="start">The first element.</param>
/// <param name="rowStride">Floats from one row to the next.</param>
/// <param name="columnStride">Floats from one column to the next; swap both to see the transposed matrix.</param>
public readonly unsafe struct MatrixView(float* start, nint rowStride, nint columnStride = 1)
{
    /// <summary>The first element.</summary>
    public readonly float* Start = start;

    /// <summary>Floats from one row to the next.</summary>
    public readonly nint RowStride = rowStride;

    /// <summary>Floats from one column to the next.</summary>
    public readonly nint ColumnStride = columnStride;

    /// <summary>The transposed view.</summary>
    public MatrixView Transposed => new(Start, ColumnStride, RowStride);

    /// <summary>The part that begins at an element.</summary>
    public MatrixView From(nint row, nint column) => new(Start + row * RowStride + column * ColumnStride, RowStride, ColumnStride);
}
