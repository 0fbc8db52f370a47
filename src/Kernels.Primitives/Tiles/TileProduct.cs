namespace Kernels.Primitives.Tiles;

/// <summary>
/// The operands of a column of register tiles: result[row, lane] (+)= Σ over steps of left[row, step] · right[step, lane], for
/// <see cref="Tiles"/> tiles with the same right. Left is read one number at a time with any strides, right and result in vectors of
/// consecutive lanes. All strides count floats.
/// </summary>
public readonly unsafe struct TileProduct
{
    /// <summary>left[row, step] of the first tile is at <c>Left[row * LeftRow + step * LeftStep]</c>.</summary>
    public required float* Left { get; init; }

    /// <summary>Stride of a row of left.</summary>
    public required nint LeftRow { get; init; }

    /// <summary>Stride of a step of left, not zero.</summary>
    public required nint LeftStep { get; init; }

    /// <summary>Stride from one tile of left to the next.</summary>
    public required nint LeftTile { get; init; }

    /// <summary>right[step, lane] is at <c>Right[step * RightStep + lane]</c>.</summary>
    public required float* Right { get; init; }

    /// <summary>Stride of a step of right.</summary>
    public required nint RightStep { get; init; }

    /// <summary>result[row, lane] of the first tile is at <c>Result[row * ResultRow + lane]</c>.</summary>
    public required float* Result { get; init; }

    /// <summary>Stride of a row of the result.</summary>
    public required nint ResultRow { get; init; }

    /// <summary>Stride from one tile of the result to the next.</summary>
    public required nint ResultTile { get; init; }

    /// <summary>Length of the sums; zero is allowed.</summary>
    public required int Steps { get; init; }

    /// <summary>Number of tiles, all computed in one call, because a call is expensive relative to a short sum.</summary>
    public required int Tiles { get; init; }

    /// <summary>Memory that is read soon, of which each step of each tile prefetches one line; null for none.</summary>
    public float* Ahead { get; init; }

    /// <summary>Stride from one prefetch to the next.</summary>
    public nint AheadStep { get; init; }

    /// <summary>Whether the sums are added to the result or replace it.</summary>
    public required bool Accumulate { get; init; }
}
