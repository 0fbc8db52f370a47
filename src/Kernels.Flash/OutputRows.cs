using Kernels.Simd.Vectors;

namespace Kernels.Flash;

/// <summary>The end of a tile: divides each row by its sum of weights and writes it where it belongs.</summary>
internal static unsafe class OutputRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Write(QueryTile tile, VisibleKeys visible, FlashBlocks blocks, FlashScratch scratch, float* output)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            var target = new Span<float>(output + tile.RowOffset(row), blocks.HeadDim);
            if (visible.IsBlind(row))
            {
                target.Clear();
                continue;
            }
            float* source = scratch.Output + (nint)row * blocks.Channels;
            Divide(source, blocks.Channels, scratch.Sum[row]);
            new ReadOnlySpan<float>(source, blocks.HeadDim).CopyTo(target);
        }
    }

    private static void Divide(float* values, int channels, float sum)
    {
        TVector factor = TSimd.Create(1 / sum);
        for (int channel = 0; channel < channels; channel += TSimd.Width)
            TSimd.Store(TSimd.Multiply(TSimd.Load(values + channel), factor), values + channel);
    }
}
