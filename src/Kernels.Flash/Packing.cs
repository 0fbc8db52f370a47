using System.Runtime.Intrinsics;

namespace Kernels.Flash;

/// <summary>Copies of what the register tiles cannot read in place.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Transposes a tile's rows of q into [headDim, row], with the sign of the scale, so that the largest product is the largest score.
    /// Lanes beyond the last row repeat it.
    /// </summary>
    public static void Queries(float* q, QueryTile tile, FlashBlocks blocks, float scale, float* packed)
    {
        Vector128<float> sign = Vector128.Create((float)MathF.Sign(scale));
        for (int row = 0; row < tile.Rows; row += Vector128<float>.Count)
        {
            float* row0 = q + tile.RowOffset(row);
            float* row1 = q + tile.RowOffset(Math.Min(row + 1, tile.Rows - 1));
            float* row2 = q + tile.RowOffset(Math.Min(row + 2, tile.Rows - 1));
            float* row3 = q + tile.RowOffset(Math.Min(row + 3, tile.Rows - 1));
            float* target = packed + row;
            for (int channel = 0; channel < blocks.HeadDim; channel++)
            {
                (Vector128.Create(row0[channel], row1[channel], row2[channel], row3[channel]) * sign).Store(target);
                target += QueryTile.MaxRows;
            }
        }
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
}
