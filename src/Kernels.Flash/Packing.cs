using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>Copies of what the register tiles cannot read in place.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Transposes a tile's rows of q into [headDim, row], with the sign of the scale, so that the largest product is the largest score.
    /// Lanes beyond the last row repeat it, to the end of the widest vector.
    /// </summary>
    public static void Queries<TRows>(float* q, TRows tile, FlashBlocks blocks, float scale, float* packed)
        where TRows : struct, ITileRows
    {
        const int RowsAtOnce = 8, WidestVector = 16;
        int last = tile.Rows - 1;
        float** rows = stackalloc float*[RowsAtOnce];
        for (int row = 0; row < (last / WidestVector + 1) * WidestVector; row += RowsAtOnce)
        {
            for (int i = 0; i < RowsAtOnce; i++)
                rows[i] = q + tile.RowOffset(Math.Min(row + i, last));
            Transpose.EightRows(rows, blocks.HeadDim, packed + row, QueryTile.MaxRows);
        }
        if (!(scale > 0))
            Multiply(new Span<float>(packed, blocks.HeadDim * QueryTile.MaxRows), ScoreScale.OfQueries(scale));
    }

    /// <summary>Copies v [keys, headDim] to [keys, channels]; the channels added are zeros.</summary>
    /// <returns><paramref name="packed"/>.</returns>
    public static float* Values(float* v, int keys, FlashBlocks blocks, float* packed)
    {
        float* first = packed;
        for (int key = 0; key < keys; key++)
        {
            var target = new Span<float>(packed, blocks.Channels);
            new ReadOnlySpan<float>(v, blocks.HeadDim).CopyTo(target);
            target[blocks.HeadDim..].Clear();
            v += blocks.HeadDim;
            packed += blocks.Channels;
        }
        return first;
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
