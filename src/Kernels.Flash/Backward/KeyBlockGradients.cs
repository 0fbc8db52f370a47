using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.Gradients;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Tiles;

namespace Kernels.Flash.Backward;

/// <summary>
/// A block of keys, and its dK and dV, as tiles of queries visit it. What a tile adds to dQ is scaled and added to the output at once.
/// </summary>
internal readonly unsafe ref struct KeyBlockGradients<TSet>
    where TSet : struct, IInstructionSet
{
    private readonly AttentionCall call;
    private readonly AttentionProblem problem;
    private readonly BackwardBlocks blocks;
    private readonly BackwardScratch own;
    private readonly int batch, kvHead;
    private readonly KeyRange block;

    /// <param name="call">Operands.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="own">Memory.</param>
    /// <param name="batch">The sequence.</param>
    /// <param name="kvHead">The head of the keys.</param>
    /// <param name="block">The keys, at most <see cref="BackwardBlocks.Keys"/>.</param>
    public KeyBlockGradients(in AttentionCall call, BackwardBlocks blocks, BackwardScratch own, int batch, int kvHead, KeyRange block)
    {
        (this.blocks, this.own, this.batch, this.kvHead, this.block) = (blocks, own, batch, kvHead, block);
        this.call = call;
        problem = call.Problem;
    }

    /// <summary>Visits queries of all heads that share the keys, and adds to dq, dk and dv.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="rowSums">D of all rows, [batch, heads, queries].</param>
    /// <param name="lses">Log-sum-exps of all rows, [batch, heads, queries].</param>
    public void AddQueries(KeyRange queries, float* rowSums, float* lses)
    {
        Span<KeyRange> memory = stackalloc KeyRange[BackwardBlocks.Queries];
        int group = problem.Heads / problem.KvHeads;
        bool packed = false;
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
        {
            for (int begin = queries.Begin; begin < queries.End; begin += BackwardBlocks.Queries)
            {
                var tile = new KeyRange(begin, Math.Min(queries.End, begin + BackwardBlocks.Queries));
                var visible = new VisiblePairs(problem, head, tile, block, memory, own.Bias, blocks.PairStride);
                if (visible.Keys.IsEmpty)
                    continue;
                if (!packed)
                    Pack();
                packed = true;
                nint row = ((nint)batch * problem.Heads + head) * problem.Queries + begin;
                AddTile(head, tile, visible, rowSums + row, lses + row);
            }
        }
        if (packed)
            AddToOutputs();
    }

    private void Pack()
    {
        Layout k = call.K.Layout, v = call.V.Layout;
        float* keys = call.K.At<float>(batch, kvHead, block.Begin), values = call.V.At<float>(batch, kvHead, block.Begin);
        for (int key = 0; key < block.Length; key += blocks.PanelKeys)
        {
            int count = Math.Min(blocks.PanelKeys, block.Length - key);
            PackPanel(keys + key * k.TokenStride, k.TokenStride, count, blocks.HeadDim, own.KeyPanels + key * blocks.HeadDim);
            PackPanel(values + key * v.TokenStride, v.TokenStride, count, blocks.ValueDim, own.ValuePanels + key * blocks.ValueDim);
        }
        for (int key = 0; key < block.Length; key++)
            TSet.Scale(keys + key * k.TokenStride, problem.Scale, own.Keys + key * blocks.KeyStride, blocks.HeadDim);
        new Span<float>(own.GradK, block.Length * blocks.KeyStride).Clear();
        new Span<float>(own.GradV, block.Length * blocks.ValueStride).Clear();
    }

    private void PackPanel(float* source, nint stride, int keys, int channels, float* panel)
    {
        const int RowsAtOnce = 8;
        float** rows = stackalloc float*[RowsAtOnce];
        for (int key = 0; key < keys; key += RowsAtOnce)
        {
            // Lanes behind the last key repeat it.
            for (int i = 0; i < RowsAtOnce; i++)
                rows[i] = source + Math.Min(key + i, keys - 1) * stride;
            Transpose.EightRows(rows, channels, panel + key, blocks.PanelKeys);
        }
    }

    private void AddTile(int head, KeyRange tile, in VisiblePairs visible, float* rowSums, float* lses)
    {
        int rows = tile.Length, stride = blocks.PairStride;
        // Whole panels, but for the end of the block.
        int begin = visible.Keys.Begin / blocks.PanelKeys * blocks.PanelKeys;
        int end = Math.Min(block.Length, ((visible.Keys.End - 1) / blocks.PanelKeys + 1) * blocks.PanelKeys);
        MatrixView q = Rows(call.Q, head, tile, own.Queries, blocks.KeyStride);
        MatrixView gradO = Rows(call[SoftmaxBackward.GradO], head, tile, own.GradO, blocks.ValueStride);
        for (int key = begin; key < end; key += blocks.PanelKeys)
            ComputePairs(q, gradO, rows, key, Math.Min(blocks.PanelKeys, end - key), rowSums, lses);
        var computed = new KeyRange(begin, end);
        visible.Hide(own.Weights, stride, computed);
        visible.Hide(own.GradS, stride, computed);
        int tiles = Tiles(end - begin), beyond = begin + tiles * TSet.TileRows - end;
        // The last register tile of keys adds zeros to what lies beyond.
        for (int row = 0; row < rows && beyond > 0; row++)
        {
            new Span<float>(own.Weights + (nint)row * stride + end, beyond).Clear();
            new Span<float>(own.GradS + (nint)row * stride + end, beyond).Clear();
        }
        var gradV = new MatrixView(own.GradV + begin * blocks.ValueStride, blocks.ValueStride);
        var gradK = new MatrixView(own.GradK + begin * blocks.KeyStride, blocks.KeyStride);
        var keys = new MatrixView(own.Keys + begin * blocks.KeyStride, blocks.KeyStride);
        MatrixView weights = new(own.Weights + begin, stride), gradS = new(own.GradS + begin, stride);
        Multiply(weights.Transposed, gradO, rows, tiles, blocks.ValueVectors, gradV, accumulate: true);
        Multiply(gradS.Transposed, q, rows, tiles, blocks.KeyVectors, gradK, accumulate: true);
        AddGradQ(gradS, keys, end - begin, head, tile);
    }

    private void AddGradQ(MatrixView gradS, MatrixView keys, int count, int head, KeyRange tile)
    {
        Tensor target = call[SoftmaxBackward.GradQ];
        if (IsWhole(tile, blocks.HeadDim))
        {
            var sums = new MatrixView(target.At<float>(batch, head, tile.Begin), target.Layout.TokenStride);
            Multiply(gradS, keys, count, Tiles(tile.Length), blocks.KeyVectors, sums, accumulate: true);
            return;
        }
        var added = new MatrixView(own.GradQ, blocks.KeyStride);
        Multiply(gradS, keys, count, Tiles(tile.Length), blocks.KeyVectors, added, accumulate: false);
        for (int row = 0; row < tile.Length; row++)
            TSet.AddScaled(added.From(row, 0).Start, 1, target.At<float>(batch, head, tile.Begin + row), blocks.HeadDim);
    }

    // Whether register tiles read and write nothing beyond the rows.
    private static bool IsWhole(KeyRange tile, int channels) => tile.Length % TSet.TileRows == 0 && channels % TSet.Width == 0;

    /// <summary>The rows of a tile, in place where they are contiguous and whole, otherwise copied.</summary>
    private MatrixView Rows(in Tensor source, int head, KeyRange tile, float* scratch, int stride)
    {
        float* first = source.At<float>(batch, head, tile.Begin);
        int channels = source.Layout.Channels;
        nint sourceStride = source.Layout.TokenStride;
        if (IsWhole(tile, channels) && sourceStride == channels)
            return new(first, sourceStride);
        for (int row = 0; row < tile.Length; row++)
            new ReadOnlySpan<float>(first + row * sourceStride, channels).CopyTo(new Span<float>(scratch + (nint)row * stride, channels));
        return new(scratch, stride);
    }

    // P and dS for one panel of keys.
    private void ComputePairs(MatrixView q, MatrixView gradO, int rows, int key, int keys, float* rowSums, float* lses)
    {
        MatrixView weights = new(own.Weights + key, blocks.PairStride), gradS = new(own.GradS + key, blocks.PairStride);
        int vectors = (keys - 1) / TSet.Width + 1;
        MatrixView keyPanel = new(own.KeyPanels + key * blocks.HeadDim, blocks.PanelKeys);
        MatrixView valuePanel = new(own.ValuePanels + key * blocks.ValueDim, blocks.PanelKeys);
        Multiply(q, keyPanel, blocks.HeadDim, Tiles(rows), vectors, weights, accumulate: false);
        Multiply(gradO, valuePanel, blocks.ValueDim, Tiles(rows), vectors, gradS, accumulate: false);
        var loop = new GradientWeights(
            rows, keys, weights.Start, gradS.Start, own.Bias == null ? null : own.Bias + key, blocks.PairStride, problem.Scale, lses, rowSums);
        TSet.Run(ref loop);
    }

    // result (+)= left·right, with a sum over steps, for tiles of rows and vectors of columns.
    private static void Multiply(MatrixView left, MatrixView right, int steps, int tiles, int vectors, MatrixView result, bool accumulate)
    {
        for (int first = 0, count; first < vectors; first += count)
        {
            // As few tiles as possible, of widths as equal as possible: a narrow one would have too few accumulators.
            int widths = (vectors - first + TSet.TileVectors - 1) / TSet.TileVectors;
            count = (vectors - first + widths - 1) / widths;
            TSet.MultiplyTile(count, new TileProduct
            {
                Left = left.Start,
                LeftRow = left.RowStride,
                LeftStep = left.ColumnStride,
                LeftTile = TSet.TileRows * left.RowStride,
                Right = right.Start + first * TSet.Width,
                RightStep = right.RowStride,
                Result = result.Start + first * TSet.Width,
                ResultRow = result.RowStride,
                ResultTile = TSet.TileRows * result.RowStride,
                Steps = steps,
                Tiles = tiles,
                Accumulate = accumulate,
            });
        }
    }

    private void AddToOutputs()
    {
        for (int key = 0; key < block.Length; key++)
        {
            float* gradK = call[SoftmaxBackward.GradK].At<float>(batch, kvHead, block.Begin + key);
            float* gradV = call[SoftmaxBackward.GradV].At<float>(batch, kvHead, block.Begin + key);
            TSet.AddScaled(own.GradK + key * blocks.KeyStride, problem.Scale, gradK, blocks.HeadDim);
            TSet.AddScaled(own.GradV + key * blocks.ValueStride, 1, gradV, blocks.ValueDim);
        }
    }

    private static int Tiles(int rows) => (rows + TSet.TileRows - 1) / TSet.TileRows;
}
