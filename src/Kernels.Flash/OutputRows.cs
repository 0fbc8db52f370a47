using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>The end of a tile: divides each row by its sum of weights and writes it where it belongs.</summary>
internal static unsafe class OutputRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <param name="tile">Where the rows belong.</param>
    /// <param name="seeing">The rows that saw a key, a bit each; the others become zeros.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="scratch">Sums and outputs are read.</param>
    /// <param name="output">The whole output.</param>
    public static void Write<TRows>(TRows tile, ulong seeing, FlashBlocks blocks, FlashScratch scratch, float* output)
        where TRows : struct, ITileRows
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            float* target = output + tile.RowOffset(row);
            if ((seeing >> row & 1) == 0)
                new Span<float>(target, blocks.HeadDim).Clear();
            else
                Divide(scratch.Output + (nint)row * blocks.Channels, scratch.Sum[row], blocks.HeadDim, target);
        }
    }

    private static void Divide(float* values, float sum, int channels, float* target)
    {
        TVector factor = TSimd.Create(1 / sum);
        int channel = 0;
        for (; channel <= channels - TSimd.Width; channel += TSimd.Width)
            TSimd.Store(TSimd.Multiply(TSimd.Load(values + channel), factor), target + channel);
        for (; channel < channels; channel++)
            target[channel] = values[channel] * (1 / sum);
    }
}
