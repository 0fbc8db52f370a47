using System.Runtime.CompilerServices;
using Kernels.Flash.Interleaved;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>
/// Weights of a block in one visit to each score, for vector widths with too few registers to do it among the multiply-adds. The first
/// block finds the reference.
/// </summary>
internal readonly unsafe struct SequentialWeights<TSimd, TVector, TTile> : IBlockWeights
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TTile : struct, IRegisterTile
{
    /// <inheritdoc/>
    public static float Factor => 1;

    /// <inheritdoc/>
    public static void Begin(float scale, FlashScratch scratch)
    {
    }

    /// <inheritdoc/>
    public static bool TryCompute(FlashBlocks blocks, float* k, int keys, int rows, float scale, bool first, FlashScratch scratch)
    {
        if (first)
            return false;
        ScoreProduct<TSimd, TVector, TTile>.Compute(blocks, k, keys, rows, scratch);
        for (int row = 0; row < rows; row += TSimd.Width)
            Weigh(keys, scratch.Scores + row, scratch.Max + row, scale);
        return LazyReference<TSimd, TVector>.TryAccept(rows, scale, scratch);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Weigh(int keys, float* scores, float* state, float scale)
    {
        TVector factor = TSimd.Create(scale), sum = TSimd.Create(0), reference = TSimd.Load(state), max = reference;
        for (int key = 0; key < keys; key++)
        {
            TVector score = TSimd.Load(scores);
            max = TSimd.Max(score, max);
            TVector weight = VectorExp.Exp2<TSimd, TVector>(TSimd.Multiply(TSimd.Subtract(score, reference), factor));
            TSimd.Store(weight, scores);
            sum = TSimd.Add(sum, weight);
            scores += FlashScratch.ScoreStride;
        }
        TSimd.Store(max, state + LazyWeights.Max);
        TSimd.Store(sum, state + LazyWeights.Sum);
    }
}
