using System.Runtime.Intrinsics;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash.Interleaved;

/// <summary>
/// Weights of a block in one pass, the exponentials of one register tile between the multiply-adds of the next. The reference of each
/// row is the largest score of the first tile that it meets; most rows never meet one much larger.
/// </summary>
internal readonly unsafe struct InterleavedWeights : IBlockWeights
{
    private const int Width = 16;

    /// <inheritdoc/>
    public static float Factor => FactoredExp2.Factor;

    /// <inheritdoc/>
    public static void Begin(float scale, FlashScratch scratch) => LazyWeights.WriteConstants(scale, scratch.Constants);

    /// <inheritdoc/>
    public static bool TryCompute(FlashBlocks blocks, float* k, int keys, int rows, float scale, bool first, FlashScratch scratch)
    {
        new Span<float>(scratch.BlockMax, QueryTile.MaxRows).Fill(float.MinValue);
        new Span<float>(scratch.BlockSum, QueryTile.MaxRows).Clear();
        switch ((rows + Width - 1) / Width)
        {
            case 1:
                Compute<OneColumn>(blocks, k, keys, first, scratch);
                break;
            case 2:
                Compute<TwoColumns>(blocks, k, keys, first, scratch);
                break;
            default:
                Compute<ThreeColumns>(blocks, k, keys, first, scratch);
                break;
        }
        return LazyReference<Simd512, Vector512<float>>.TryAccept(rows, scale, scratch);
    }

    private static void Compute<TColumns>(FlashBlocks blocks, float* k, int keys, bool first, FlashScratch scratch)
        where TColumns : struct, IColumns
    {
        const int TileKeys = InterleavedTile<TColumns>.Keys;
        (int wholeTiles, int rest) = Math.DivRem(keys, TileKeys);
        // A register tile reads all its keys; those after the last one must not come from beyond the tensor.
        if (rest > 0)
            Packing.LastKeys(k + (nint)wholeTiles * TileKeys * blocks.HeadDim, rest, blocks, scratch.LastKeys);

        Multiply<TColumns>(blocks, wholeTiles > 0 ? k : scratch.LastKeys, 0, 1, scratch);
        if (first)
            LazyReference<Simd512, Vector512<float>>.Set(Math.Min(keys, TileKeys), TColumns.Count * Width, scratch);
        if (wholeTiles > 1)
            Multiply<TColumns>(blocks, k + (nint)TileKeys * blocks.HeadDim, 1, wholeTiles - 1, scratch);
        if (wholeTiles > 0 && rest > 0)
            Multiply<TColumns>(blocks, scratch.LastKeys, wholeTiles, 1, scratch);

        // The last tile has none after it to hide its exponentials in.
        int last = rest > 0 ? rest : TileKeys;
        float* scores = scratch.Scores + (nint)(keys - last) * FlashScratch.ScoreStride;
        for (int row = 0; row < TColumns.Count * Width; row += Width)
            LazyWeights.Weigh(scores + row, last, scratch.Max + row, scratch.Constants);
    }

    private static void Multiply<TColumns>(FlashBlocks blocks, float* k, int tile, int tiles, FlashScratch scratch)
        where TColumns : struct, IColumns
    {
        InterleavedTile<TColumns>.Compute(new InterleavedTiles
        {
            Keys = k,
            KeyStride = blocks.HeadDim,
            Queries = scratch.Queries,
            Scores = scratch.Scores + (nint)tile * InterleavedTile<TColumns>.Keys * FlashScratch.ScoreStride,
            State = scratch.Max,
            Constants = scratch.Constants,
            Steps = blocks.HeadDim,
            Count = tiles,
            HasPrevious = tile > 0,
        });
    }
}
