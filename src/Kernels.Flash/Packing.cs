using Kernels.Simd.Vectors;

namespace Kernels.Flash;

/// <summary>Copies of what the register tiles cannot read in place.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Transposes a tile's rows of q into [headDim, row], multiplied by scale·log₂e, so that scores come out ready for 2ˣ. Lanes beyond
    /// the last row become zeros.
    /// </summary>
    public static void Queries(float* q, QueryTile tile, int headDim, float scale, float* packed)
    {
        float factor = scale * VectorExp.Log2E;
        new Span<float>(packed, headDim * QueryTile.MaxRows).Clear();
        for (int row = 0; row < tile.Rows; row++)
        {
            float* source = q + tile.RowOffset(row);
            for (int channel = 0; channel < headDim; channel++)
                packed[channel * QueryTile.MaxRows + row] = source[channel] * factor;
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
