namespace Kernels.Flash;

/// <summary>Where the rows of a query tile are.</summary>
internal interface ITileRows
{
    /// <summary>Rows in the tile, 1 … <see cref="QueryTile.MaxRows"/>.</summary>
    int Rows { get; }

    /// <summary>Where a row is in q and in the output.</summary>
    nint RowOffset(int row);
}
