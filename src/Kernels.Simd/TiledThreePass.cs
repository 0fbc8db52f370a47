using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Simd;

/// <summary>
/// Scores, softmax and weighted sum of a tile of queries, one after the other over all keys that the tile sees. The queries lie across the
/// lanes (S is computed transposed), K and V are read in place, and both products keep a block of results in registers, so that each load
/// of K or V serves several queries. The scores of a tile grow with the number of keys, which FlashAttention avoids.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="name">Name of the kernel.</param>
/// <param name="idea">What this instruction set changes; for the first one, the idea of the kernel.</param>
/// <param name="buildsOn">Name of the kernel that it builds on.</param>
public sealed unsafe class TiledThreePass<TSet>(string name, string idea, string buildsOn) : QueryTileKernel
    where TSet : struct, IInstructionSet
{
    // Whole vectors at every width and whole blocks of the matrix product's 6 rows.
    private const int Tile = 48;

    // The weights (48 KB) and values (64 KB at 64 channels) of a block stay in L2 while all queries of the tile use them.
    private const int KeysPerBlock = 256;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(name, idea, Operations.Softmax) { BuildsOn = buildsOn };

    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override long ScratchLength(AttentionProblem problem)
    {
        long lanes = Lanes(Math.Min(Tile, problem.Queries));
        return lanes * problem.HeadDim + lanes * problem.Keys + lanes
            + lanes * InstructionSet.WholeVectors<TSet>(problem.HeadDim)
            + ValueMatrix<TSet>.TailLength(problem.Keys, problem.HeadDim);
    }

    /// <inheritdoc/>
    protected override int TileQueries(AttentionProblem problem) => Tile;

    /// <inheritdoc/>
    protected override void ComputeTile(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int begin, int end, Span<float> scratch)
    {
        int d = problem.HeadDim, queries = end - begin, lanes = Lanes(queries);
        KeyRange visited = problem.KeysSeenByAny(begin, end);
        if (visited.IsEmpty)
        {
            output[(begin * d)..(end * d)].Clear();
            return;
        }
        fixed (float* qHead = q, kHead = k, vHead = v, outputHead = output, packed = scratch)
        {
            float* scores = packed + (nint)lanes * d;
            float* sums = scores + (nint)lanes * visited.Length;
            var sumOfValues = new MatrixView(sums + lanes, InstructionSet.WholeVectors<TSet>(d));
            float* tail = sumOfValues.From(lanes, 0).Start;

            QueryLanes<TSet>.Pack(qHead + (nint)begin * d, queries, d, problem.Scale, packed, lanes);
            var keys = new MatrixView(kHead + (nint)visited.Begin * d, d);
            TSet.MultiplyMatrix(
                visited.Length, d, lanes, keys, new MatrixView(packed, lanes), new MatrixView(scores, lanes), add: false);
            QueryLanes<TSet>.Hide(problem, begin, end, visited, scores, lanes);
            TSet.SoftmaxColumns(visited.Length, lanes, scores, lanes, ScoreScale.OfDifferences(problem.Scale), sums);
            var values = new ValueMatrix<TSet>(vHead + (nint)visited.Begin * d, visited.Length, d, tail);
            MatrixView weights = new MatrixView(scores, lanes).Transposed;
            for (int key = 0; key < visited.Length; key += KeysPerBlock)
            {
                int block = Math.Min(KeysPerBlock, visited.Length - key);
                values.Multiply(queries, key, block, weights.From(0, key), sumOfValues, add: key > 0);
            }
            for (int query = begin; query < end; query++)
            {
                int row = query - begin;
                // In a tile that sees keys, a query that sees none has only NaN weights.
                if (problem.VisibleKeys(query).IsEmpty)
                    output.Slice(query * d, d).Clear();
                else
                    TSet.Scale(sumOfValues.From(row, 0).Start, 1 / sums[row], outputHead + (nint)query * d, d);
            }
        }
    }

    private static int Lanes(int queries) => InstructionSet.WholeVectors<TSet>(queries);
}
