using Kernels.Abstractions;
using Kernels.Flash.Distances;
using Kernels.Flash.Tiles;
using Kernels.Primitives;
using Kernels.Primitives.Decode;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Softmax;

namespace Kernels.Flash.Decode;

/// <summary>
/// FlashDecoding (Dao et al. 2023): few queries against many keys. A work item is one split of the keys of a kv head with all rows that
/// share it, so that every key and value is read once and all threads have work; the splits are joined at the end.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="name">Name of the kernel.</param>
/// <param name="idea">What this kernel changes; for the first one, the idea of the kernel.</param>
/// <param name="buildsOn">Name of the kernel that it builds on.</param>
/// <param name="operation">Softmax, with the log-sum-exp of the rows or without, one step of it, or ALiBi.</param>
/// <param name="format">Float32, or bfloat16 inputs, which are widened as they are loaded.</param>
public sealed unsafe class FlashDecode<TSet>(string name, string idea, string buildsOn, SoftmaxAttention operation, Format format)
    : AttentionKernel
    where TSet : struct, IInstructionSet
{
    private readonly bool hasBias = operation is SoftmaxAlibi;
    private readonly bool hasLse = operation is SoftmaxLse or SoftmaxStep, joins = operation is SoftmaxStep;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(name, idea, operation)
    {
        BuildsOn = buildsOn,
        Source = operation is SoftmaxAlibi ? "Press, Smith and Lewis 2022, Train Short, Test Long, section 3"
            : "Dao et al. 2023, Flash-Decoding for long-context inference",
        Format = format,
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
        if ((long)problem.Heads / problem.KvHeads * problem.Queries > DecodeLayout.MaxRows)
            return Refuse($"more than {DecodeLayout.MaxRows} rows (queries × heads per kv head)");
        if (hasBias && DistanceBias.Refuses(problem) is { } tooSmall)
            return Refuse(tooSmall);
        var blocks = DecodeBlocks.Of<TSet>(problem, Info.Format.Input);
        int splits = new KeySplits(problem).Count, kvHeads = problem.Batch * problem.KvHeads;
        long threadBytes = sizeof(float) * ((long)DecodeScratch.Length(blocks) + (hasBias ? DistanceBias.Length(DecodeLayout.MaxRows) : 0));
        return splits == 1
            ? new(kvHeads) { ThreadBytes = threadBytes }
            : new(kvHeads * splits, kvHeads)
            {
                ThreadBytes = threadBytes,
                SharedBytes = sizeof(float) * ((long)kvHeads * splits * PartialOutput.Length(blocks) + CacheLine.Floats),
            };
    }

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        var blocks = DecodeBlocks.Of<TSet>(call.Problem, Info.Format.Input);
        var splits = new KeySplits(call.Problem);
        float* shared = (float*)call.Shared;
        if (stage > 0)
        {
            Combine(call, blocks, new(call.Problem, item), Partial(shared, item * splits.Count, blocks), splits.Count);
            return;
        }
        (int kvHead, int split) = Math.DivRem(item, splits.Count);
        var rows = new DecodeRows(call.Problem, kvHead);
        var own = new DecodeScratch((float*)call.Own, blocks);
        DistanceBias bias = hasBias ? rows.Distances((float*)call.Own + DecodeScratch.Length(blocks)) : default;
        PartialOutput partial = splits.Count > 1 ? Partial(shared, item, blocks) : own.Partial;
        if (Info.Format.Input == Element.BFloat16)
            DecodeSplit<TSet, StoredBFloat16>.Compute(call, blocks, rows, splits[split], bias, own, partial);
        else
            DecodeSplit<TSet, StoredFloat32>.Compute(call, blocks, rows, splits[split], bias, own, partial);
        if (splits.Count == 1)
            Combine(call, blocks, rows, partial, 1);
    }

    private static PartialOutput Partial(float* shared, int item, DecodeBlocks blocks) =>
        new(CacheLine.Align(shared) + (nint)item * PartialOutput.Length(blocks), blocks);

    private void Combine(in AttentionCall call, DecodeBlocks blocks, DecodeRows rows, PartialOutput first, int splits)
    {
        float scale = ScoreScale.OfDifferences(call.Problem.Scale);
        var end = new RowEnd(scale, weightFactor: 1, joins);
        for (int row = 0; row < rows.Count; row++)
        {
            float* output = rows.At<float>(call.O, row), lse = hasLse ? rows.At<float>(call.Lse, row) : null;
            if (!rows.Visible(row).IsEmpty)
                SplitCombine<TSet>.Write(blocks, row, scale, first, splits, end, output, lse);
            else if (end.CloseUnseen(lse))
                new Span<float>(output, blocks.Value.Numbers).Clear();
        }
    }
}
