using Kernels.Simd.Vectors;

namespace Kernels.Flash;

/// <summary>Copies of what the register tiles cannot read in place.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Transposes a tile's rows of q into [headDim, row], with the sign of the scale, so that the largest product is the largest score.
    /// Lanes beyond the last row repeat it, to the end of the widest vector.
    /// </summary>
    public static void Queries(float* q, QueryTile tile, FlashBlocks blocks, float scale, float* packed)
    {
        const int RowsAtOnce = 4, WidestVector = 16;
        int last = tile.Rows - 1;
        for (int row = 0; row < (last / WidestVector + 1) * WidestVector; row += RowsAtOnce)
        {
            float* row0 = q + tile.RowOffset(Math.Min(row, last));
            float* row1 = q + tile.RowOffset(Math.Min(row + 1, last));
            float* row2 = q + tile.RowOffset(Math.Min(row + 2, last));
            float* row3 = q + tile.RowOffset(Math.Min(row + 3, last));
            Transpose.FourRows(row0, row1, row2, row3, blocks.HeadDim, packed + row, QueryTile.MaxRows);
        }
        if (!(scale > 0))
            Multiply(new Span<float>(packed, blocks.HeadDim * QueryTile.MaxRows), ScoreScale.OfQueries(scale));
    }

    /// <summary>Copies v [keys, headDim] to [keys, channels]; the channels added are zeros.</summary>
    public static void Values(float* v, int keys, FlashBlocks blocks, float* packed)
    {
        for (int key = 0; key < keys; key++)
        {
            var target = new Span<float>(packed, blocks.Channels);
            new ReadOnlySpan<float>(v, blocks.HeadDim).CopyTo(target);
            target[blocks.HeadDim..].Clear();
            v += blocks.HeadDim;
            packed += blocks.Channels;
        }
    }

    /// <summary>Copies the last keys of a tensor, [keys, headDim], to where whole register tiles may be read.</summary>
    public static void LastKeys(float* k, int keys, FlashBlocks blocks, float* packed) =>
        new ReadOnlySpan<float>(k, keys * blocks.HeadDim).CopyTo(new Span<float>(packed, blocks.LastKeys));

    private static void Multiply(Span<float> values, float factor)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] *= factor;
    }
}
