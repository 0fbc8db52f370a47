using Kernels.Primitives;

namespace Kernels.Flash.Backward;

/// <summary>
/// The working memory of one work item: a block of keys with its gradients, and a tile of queries with its pairs. Its size depends on the
/// widths of keys and values and on the cache alone.
/// </summary>
internal readonly unsafe struct BackwardScratch
{
    // Register tiles of six rows write whole tiles.
    private const int RowsBeyond = 6;

    /// <param name="scratch">At least <see cref="Length"/> floats at any address.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="hasBias">Whether the mask is a pattern.</param>
    public BackwardScratch(float* scratch, BackwardBlocks blocks, bool hasBias)
    {
        KeyPanels = CacheLine.Align(scratch);
        ValuePanels = KeyPanels + blocks.Keys * blocks.HeadDim;
        Keys = ValuePanels + blocks.Keys * blocks.ValueDim;
        GradK = Keys + blocks.Keys * blocks.KeyStride;
        GradV = GradK + (blocks.Keys + RowsBeyond) * blocks.KeyStride;
        Queries = GradV + (blocks.Keys + RowsBeyond) * blocks.ValueStride;
        GradO = Queries + BackwardBlocks.Queries * blocks.KeyStride;
        GradQ = GradO + BackwardBlocks.Queries * blocks.ValueStride;
        Weights = GradQ + BackwardBlocks.Queries * blocks.KeyStride;
        GradS = Weights + BackwardBlocks.Queries * blocks.PairStride;
        Bias = hasBias ? GradS + BackwardBlocks.Queries * blocks.PairStride : null;
    }

    /// <summary>The keys of the block transposed, [panel, headDim, key of the panel].</summary>
    public float* KeyPanels { get; }

    /// <summary>The values of the block transposed, [panel, valueDim, key of the panel].</summary>
    public float* ValuePanels { get; }

    /// <summary>The keys of the block times the scale, [key, headDim].</summary>
    public float* Keys { get; }

    /// <summary>dSᵀ·Q of the block, [key, headDim].</summary>
    public float* GradK { get; }

    /// <summary>dV of the block, [key, valueDim].</summary>
    public float* GradV { get; }

    /// <summary>The queries of the tile where they are not read in place, [query, headDim].</summary>
    public float* Queries { get; }

    /// <summary>dO of the tile where it is not read in place, [query, valueDim].</summary>
    public float* GradO { get; }

    /// <summary>What the block adds to dQ of the tile where it is not added in place, [query, headDim].</summary>
    public float* GradQ { get; }

    /// <summary>Scores and then weights P of tile and block, [query, key].</summary>
    public float* Weights { get; }

    /// <summary>dP and then dS of tile and block, [query, key].</summary>
    public float* GradS { get; }

    /// <summary>The logarithm of how often each pair counts under a pattern, −∞ where it is hidden, [query, key]; null under other masks.</summary>
    public float* Bias { get; }

    public static long Length(BackwardBlocks blocks, bool hasBias)
    {
        long perKey = blocks.HeadDim + blocks.ValueDim + 2L * blocks.KeyStride + blocks.ValueStride;
        long perQuery = 2L * blocks.KeyStride + blocks.ValueStride + (hasBias ? 3L : 2L) * blocks.PairStride;
        return blocks.Keys * perKey + RowsBeyond * (blocks.KeyStride + blocks.ValueStride) + BackwardBlocks.Queries * perQuery + CacheLine.Floats;
    }
}
