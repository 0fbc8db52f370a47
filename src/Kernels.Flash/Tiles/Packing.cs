using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Tiles;

/// <summary>Copies of what the register tiles cannot read in place.</summary>
internal static unsafe class Packing<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>
    /// Transposes a tile's rows of q into [headDim, row], times the sign of the scale, so that the largest product is the largest score.
    /// Lanes behind the last row repeat it, up to whole vectors.
    /// </summary>
    /// <param name="q">Queries of all heads.</param>
    /// <param name="tile">The rows.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="scratch">Its queries are written; its keys are overwritten where rows must be widened.</param>
    public static void Queries<TRows>(in Tensor q, in TRows tile, FlashBlocks blocks, float scale, FlashScratch<TSet> scratch)
        where TRows : struct, ITileRows
    {
        const int RowsAtOnce = 8;
        Layout layout = q.Layout;
        int last = tile.Rows - 1;
        float** rows = stackalloc float*[RowsAtOnce];
        for (int row = 0; row < InstructionSet.WholeVectors<TSet>(tile.Rows); row += RowsAtOnce)
        {
            for (int i = 0; i < RowsAtOnce; i++)
            {
                nint offset = tile.Offset(layout, Math.Min(row + i, last));
                rows[i] = blocks.Widens
                    ? Widen((ushort*)q.Start + offset, 0, 1, blocks.HeadDim, blocks.HeadDim, scratch.Keys + i * blocks.HeadDim)
                    : (float*)q.Start + offset;
            }
            Transpose.EightRows(rows, blocks.HeadDim, scratch.Queries + row, TSet.QueryRows);
        }
        if (!(scale > 0))
            TSet.Scale(scratch.Queries, ScoreScale.OfQueries(scale), scratch.Queries, blocks.HeadDim * TSet.QueryRows);
    }

    /// <summary>Copies values to [keys, channels]; the channels added are zeros.</summary>
    /// <param name="v">[keys, valueDim].</param>
    /// <param name="stride">Floats from one value to the next.</param>
    /// <param name="keys">Number of values.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="packed">[keys, channels].</param>
    /// <returns><paramref name="packed"/>.</returns>
    public static float* Values(float* v, nint stride, int keys, FlashBlocks blocks, float* packed)
    {
        for (int key = 0; key < keys; key++)
        {
            var target = new Span<float>(packed + (nint)key * blocks.Channels, blocks.Channels);
            new ReadOnlySpan<float>(v + key * stride, blocks.ValueDim).CopyTo(target);
            target[blocks.ValueDim..].Clear();
        }
        return packed;
    }

    /// <summary>Widens rows of bfloat16 to contiguous float32; the channels added are zeros.</summary>
    /// <param name="source">[rows, channels].</param>
    /// <param name="stride">Numbers from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="channels">Numbers of a row.</param>
    /// <param name="width">Floats of a packed row, at least <paramref name="channels"/>.</param>
    /// <param name="packed">[rows, width].</param>
    /// <returns><paramref name="packed"/>.</returns>
    public static float* Widen(ushort* source, nint stride, int rows, int channels, int width, float* packed)
    {
        // Contiguous rows are converted as one long row.
        if (stride == channels && width == channels)
        {
            TSet.Widen(source, packed, rows * channels);
            return packed;
        }
        for (int row = 0; row < rows; row++)
        {
            float* target = packed + (nint)row * width;
            TSet.Widen(source + row * stride, target, channels);
            new Span<float>(target + channels, width - channels).Clear();
        }
        return packed;
    }

    /// <summary>Copies the last keys of a block to memory that can be read as a whole register tile.</summary>
    /// <param name="k">[keys, headDim].</param>
    /// <param name="stride">Floats from one key to the next.</param>
    /// <param name="keys">Number of keys, fewer than a register tile has.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="packed">[<see cref="IInstructionSet.MostTileKeys"/>, headDim].</param>
    public static void LastKeys(float* k, nint stride, int keys, FlashBlocks blocks, float* packed)
    {
        for (int key = 0; key < keys; key++)
        {
            var target = new Span<float>(packed + key * blocks.HeadDim, blocks.HeadDim);
            new ReadOnlySpan<float>(k + key * stride, blocks.HeadDim).CopyTo(target);
        }
    }
}
