using Kernels.Abstractions;
using Kernels.Flash.Distances;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Tiles;

/// <summary>
/// FlashAttention forward on a processor: a tile of queries visits the keys block by block with an online softmax, so that scores do not
/// leave the cache. Dao et al. 2022, algorithm 1, with the queries in the outer loop as in Dao 2023, section 3.1.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="name">Name of the kernel.</param>
/// <param name="idea">What this instruction set changes; for the first one, the idea of the kernel.</param>
/// <param name="buildsOn">Name of the kernel that it builds on.</param>
/// <param name="operation">Softmax attention, with the log-sum-exp of each row, joined to rows over other keys, or with ALiBi.</param>
/// <param name="format"><see cref="Format.Float32"/> or <see cref="Format.BFloat16"/>.</param>
public sealed unsafe class Flash<TSet>(string name, string idea, string buildsOn, SoftmaxAttention operation, Format format)
    : AttentionKernel
    where TSet : struct, IInstructionSet
{
    private bool HasBias => operation is SoftmaxAlibi;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(name, idea, operation)
    {
        BuildsOn = buildsOn,
        Source = operation is SoftmaxStep
            ? "Liu et al. 2023, Ring Attention with Blockwise Transformers, section 3.1"
            : operation is SoftmaxAlibi ? "Press, Smith and Lewis 2022, Train Short, Test Long, section 3"
            : "Dao 2023, FlashAttention-2, section 3.1",
        Format = format == Format.Float32 || format == Format.BFloat16
            ? format
            : throw new ArgumentException($"Tiles read float32 and bfloat16 and write float32, not {format}.", nameof(format)),
        // Plain float32 multiplies bfloat16 values by a weight of 1 exactly, and sums several dozen of them exactly.
        Approximation = format == Format.BFloat16 && TSet.WeightFactor != 1
            ? "weights carry a factor that is no power of two, so every product with a value of eight bits is rounded"
            : null,
    };

    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override Takes Takes => Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem)
    {
        if (HeadDimLimit.Refuses(problem) is { } reason)
            return Refuse(reason);
        if (HasBias && DistanceBias.Refuses(problem) is { } tooSmall)
            return Refuse(tooSmall);
        var blocks = FlashBlocks.Of<TSet>(problem, format.Input);
        long floats = FlashScratch<TSet>.Length(blocks) + (HasBias ? DistanceBias.Length(TSet.QueryRows) : 0);
        return new(QueryTile<TSet>.Count(problem)) { ThreadBytes = sizeof(float) * floats };
    }

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        var tile = new QueryTile<TSet>(problem, item);
        var blocks = FlashBlocks.Of<TSet>(problem, format.Input);
        var scratch = new FlashScratch<TSet>((float*)call.Own, blocks);
        var visible = new VisibleKeys<TSet>(problem, tile, stackalloc KeyRange[TSet.QueryRows]);
        DistanceBias bias = HasBias ? tile.Distances((float*)call.Own + FlashScratch<TSet>.Length(blocks)) : default;
        Span<bool> seeing = stackalloc bool[TSet.QueryRows];
        visible.MarkSeeing(seeing);
        Packing<TSet>.Queries(call.Q, tile, blocks, problem.Scale, scratch);
        var keys = new KeyValueRows<TSet>(call.K, call.V, tile.Batch, tile.KvHead);
        var softmax = new TileSoftmax<TSet>(problem, blocks, tile.Rows, scratch, bias: bias);
        if (HasBias && visible.Near(bias.Nearest(0), bias.Nearest(tile.Rows - 1), blocks.Keys) is { IsEmpty: false } near)
            softmax.SetReferences(keys, near);
        softmax.AddKeys(keys, 0, visible, Afterwards(call, tile, blocks));
        RowTargets targets = RowTargets.Of(call);
        if (softmax.TryWrite(tile, seeing, operation is SoftmaxStep, targets))
            return;
        if (softmax.InputsAreFinite(keys, problem.Keys))
        {
            softmax = new TileSoftmax<TSet>(problem, blocks, tile.Rows, scratch, exactMaxima: true, bias);
            softmax.AddKeys(keys, 0, visible, default);
        }
        softmax.Write(tile, seeing, operation is SoftmaxStep, targets);
    }

    // The rows of a tile are contiguous only with one head per kv head and in head-major order.
    private static Upcoming Afterwards(in AttentionCall call, in QueryTile<TSet> tile, FlashBlocks blocks)
    {
        if (!tile.IsEvenlySpaced || blocks.Widens)
            return default;
        Layout q = call.Q.Layout, output = call.O.Layout;
        return new(
            q.TokenStride == blocks.HeadDim ? (float*)call.Q.Start + tile.FollowingRows(q) : null,
            output.TokenStride == blocks.ValueDim ? (float*)call.O.Start + tile.Offset(output, 0) : null);
    }
}
