using Kernels.Abstractions;
using Kernels.Flash;
using Kernels.Primitives;

namespace Kernels.Sparse;

/// <summary>
/// Rows whose parts were computed one after the other: the output of the parts so far, and for each row the reference that weights were
/// computed against and their sum, which together are the log-sum-exp. Two softmaxes over different keys are mixed by their sums.
/// </summary>
internal static unsafe class PartialRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats of the reference and the sum of every row.</summary>
    public static long Length(AttentionProblem problem) => 2L * problem.Batch * problem.Heads * problem.Queries;

    /// <summary>Makes the rows of a tile those of a query that saw nothing.</summary>
    public static void Clear(SparseTile tile, int headDim, float* output, float* state)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            state[2 * tile.Row(row)] = float.MinValue;
            state[2 * tile.Row(row) + 1] = 0;
            new Span<float>(output + tile.RowOffset(row), headDim).Clear();
        }
    }

    /// <summary>Mixes the softmax of a tile into the rows.</summary>
    /// <param name="tile">Where the rows belong.</param>
    /// <param name="seeing">The rows that saw a key, a bit each.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="scale">Factor of the scores, in units of log₂ e.</param>
    /// <param name="scratch">Maxima, sums and outputs of the tile.</param>
    /// <param name="output">The whole output.</param>
    /// <param name="state">[row of all heads, reference and sum].</param>
    public static void Add(SparseTile tile, ulong seeing, FlashBlocks blocks, float scale, FlashScratch scratch, float* output, float* state)
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            if ((seeing >> row & 1) == 0)
                continue;
            float* known = state + 2 * tile.Row(row);
            float max = MathF.Max(known[0], scratch.Max[row]);
            float knownSum = known[1] * Exp2((known[0] - max) * scale), weight = Exp2((scratch.Max[row] - max) * scale);
            float sum = knownSum + scratch.Sum[row] * weight;
            Mix(output + tile.RowOffset(row), knownSum / sum, scratch.Output + (nint)row * blocks.Channels, weight / sum, blocks.HeadDim);
            known[0] = max;
            known[1] = sum;
        }
    }

    private static void Mix(float* target, float targetShare, float* values, float share, int channels)
    {
        TVector targetShares = TSimd.Create(targetShare), shares = TSimd.Create(share);
        int channel = 0;
        for (; channel <= channels - TSimd.Width; channel += TSimd.Width)
        {
            TVector mixed = TSimd.MultiplyAdd(TSimd.Load(values + channel), shares, TSimd.Multiply(TSimd.Load(target + channel), targetShares));
            TSimd.Store(mixed, target + channel);
        }
        for (; channel < channels; channel++)
            target[channel] = target[channel] * targetShare + values[channel] * share;
    }

    private static float Exp2(float x)
    {
        float* lanes = stackalloc float[CacheLine.Floats];
        TSimd.Store(VectorExp.Exp2<TSimd, TVector>(TSimd.Create(x)), lanes);
        return lanes[0];
    }
}
