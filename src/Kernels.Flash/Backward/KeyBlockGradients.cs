using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Softmax;
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
            Transpose.Copy(keys + key * k.TokenStride, k.TokenStride, count, blocks.HeadDim, own.KeyPanels + key * blocks.HeadDim, blocks.PanelKeys);
            Transpose.Copy(values + key * v.TokenStride, v.TokenStride, count, blocks.ValueDim, own.ValuePanels + key * blocks.ValueDim, blocks.PanelKeys);
        }
        CopyRows(keys, k.TokenStride, block.Length, blocks.HeadDim, own.Keys, blocks.KeyStride);
        new Span<float>(own.GradK, block.Length * blocks.KeyStride).Clear();
        new Span<float>(own.GradV, block.Length * blocks.ValueStride).Clear();
    }

    private void AddTile(int head, KeyRange tile, in VisiblePairs visible, float* rowSums, float* lses)
    {
        int rows = tile.Length, stride = blocks.PairStride;
        // Whole panels, but for the end of the block.
        int begin = visible.Keys.Begin / blocks.PanelKeys * blocks.PanelKeys;
        int end = Math.Min(block.Length, ((visible.Keys.End - 1) / blocks.PanelKeys + 1) * blocks.PanelKeys);
        Tensor gradO = call[SoftmaxBackward.GradO];
        CopyRows(call.Q.At<float>(batch, head, tile.Begin), call.Q.Layout.TokenStride, rows, blocks.HeadDim, own.Queries, blocks.KeyStride);
        CopyRows(gradO.At<float>(batch, head, tile.Begin), gradO.Layout.TokenStride, rows, blocks.ValueDim, own.GradO, blocks.ValueStride);
        for (int key = begin; key < end; key += blocks.PanelKeys)
            ComputePairs(rows, key, Math.Min(blocks.PanelKeys, end - key), rowSums, lses);
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
        Multiply(
            own.Weights + begin, 1, stride, own.GradO, blocks.ValueStride, rows, tiles, blocks.ValueVectors,
            own.GradV + begin * blocks.ValueStride, accumulate: true);
        Multiply(
            own.GradS + begin, 1, stride, own.Queries, blocks.KeyStride, rows, tiles, blocks.KeyVectors,
            own.GradK + begin * blocks.KeyStride, accumulate: true);
        Multiply(
            own.GradS + begin, stride, 1, own.Keys + begin * blocks.KeyStride, blocks.KeyStride, end - begin, Tiles(rows), blocks.KeyVectors,
            own.GradQ, accumulate: false);
        for (int row = 0; row < rows; row++)
        {
            TSet.AddScaled(
                own.GradQ + row * blocks.KeyStride, problem.Scale, call[SoftmaxBackward.GradQ].At<float>(batch, head, tile.Begin + row), blocks.HeadDim);
        }
    }

    // P and dS for one panel of keys.
    private void ComputePairs(int rows, int key, int keys, float* rowSums, float* lses)
    {
        float* weights = own.Weights + key, gradS = own.GradS + key;
        MultiplyPanel(own.Queries, blocks.KeyStride, own.KeyPanels + key * blocks.HeadDim, blocks.HeadDim, rows, keys, weights);
        MultiplyPanel(own.GradO, blocks.ValueStride, own.ValuePanels + key * blocks.ValueDim, blocks.ValueDim, rows, keys, gradS);
        var loop = new GradientWeights(
            rows, keys, weights, gradS, own.Bias == null ? null : own.Bias + key, blocks.PairStride, problem.Scale, lses, rowSums);
        TSet.Run(ref loop);
    }

    private void MultiplyPanel(float* left, int stride, float* panel, int steps, int rows, int keys, float* result) =>
        TSet.MultiplyTile((keys - 1) / TSet.Width + 1, new TileProduct
        {
            Left = left,
            LeftRow = stride,
            LeftStep = 1,
            LeftTile = TSet.TileRows * stride,
            Right = panel,
            RightStep = blocks.PanelKeys,
            Result = result,
            ResultRow = blocks.PairStride,
            ResultTile = TSet.TileRows * blocks.PairStride,
            Steps = steps,
            Tiles = Tiles(rows),
            Accumulate = false,
        });

    // Rows of the result are as far apart as those of right.
    private static void Multiply(
        float* left, nint leftRow, nint leftStep, float* right, int stride, int steps, int tiles, int vectors, float* result, bool accumulate)
    {
        for (int first = 0, count; first < vectors; first += count)
        {
            // As few tiles as possible, of widths as equal as possible: a narrow one would have too few accumulators.
            int widths = (vectors - first + TSet.TileVectors - 1) / TSet.TileVectors;
            count = (vectors - first + widths - 1) / widths;
            TSet.MultiplyTile(count, new TileProduct
            {
                Left = left,
                LeftRow = leftRow,
                LeftStep = leftStep,
                LeftTile = TSet.TileRows * leftRow,
                Right = right + first * TSet.Width,
                RightStep = stride,
                Result = result + first * TSet.Width,
                ResultRow = stride,
                ResultTile = TSet.TileRows * stride,
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

    private static void CopyRows(float* source, nint sourceStride, int rows, int channels, float* target, int stride)
    {
        for (int row = 0; row < rows; row++)
            new ReadOnlySpan<float>(source + row * sourceStride, channels).CopyTo(new Span<float>(target + (nint)row * stride, channels));
    }
}
