using Kernels.Abstractions;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Flash;

/// <summary>
/// FlashAttention forward on a processor: a tile of queries visits the keys block by block with an online softmax, so that scores never
/// leave the cache. Dao et al. 2022, algorithm 1, with the queries in the outer loop as in Dao 2023, section 3.1.
/// </summary>
/// <typeparam name="TSimd">The operations of the vector width.</typeparam>
/// <typeparam name="TVector">The vector type.</typeparam>
/// <typeparam name="TTile">The register tiles.</typeparam>
/// <typeparam name="TWeights">The way to the weights of a block that every row sees.</typeparam>
internal abstract unsafe class FlashKernel<TSimd, TVector, TTile, TWeights> : AttentionKernel
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TTile : struct, IRegisterTile
    where TWeights : struct, IBlockWeights
{
    private const int MaxHeadDim = 256;

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) => FlashScratch.Length(FlashBlocks.Of<TSimd, TVector>(problem));

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) =>
        problem.HeadDim <= MaxHeadDim ? null : "head dimension is more than 256";

    /// <inheritdoc/>
    protected override int WorkItems(AttentionProblem problem) => QueryTile.Count(problem);

    /// <inheritdoc/>
    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        fixed (float* q = tensors.AllQ, k = tensors.AllK, v = tensors.AllV, output = tensors.AllOutput, memory = scratch)
        {
            var tile = new QueryTile(problem, item);
            var blocks = FlashBlocks.Of<TSimd, TVector>(problem);
            ComputeTile(problem, tile, blocks, q, k, v, output, new FlashScratch(memory, blocks));
        }
    }

    private static void ComputeTile(
        AttentionProblem problem, QueryTile tile, FlashBlocks blocks, float* q, float* k, float* v, float* output, FlashScratch scratch)
    {
        var visible = new VisibleKeys(problem, tile, stackalloc KeyRange[QueryTile.MaxRows]);
        Packing.Queries(q, tile, blocks, problem.Scale, scratch.Queries);
        var softmax = new TileSoftmax<TSimd, TVector, TTile, TWeights>(problem, blocks, tile.Rows, scratch);
        softmax.AddKeys(k + tile.KeyOffset, v + tile.KeyOffset, v + problem.KeyLength, visible, Afterwards(tile, q, output));
        OutputRows<TSimd, TVector>.Write(tile, visible.SeeingRows, blocks, scratch, output);
    }

    // Where rows of several heads alternate, those of a tile lie apart.
    private static Upcoming Afterwards(QueryTile tile, float* q, float* output) =>
        tile.IsOneHead ? new Upcoming(q + tile.FollowingRows, output + tile.RowOffset(0)) : default;
}
