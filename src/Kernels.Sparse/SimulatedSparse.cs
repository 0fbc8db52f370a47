using Kernels.Abstractions;
using Kernels.Flash.Tiles;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Sparse;

/// <summary>
/// A sparse pattern as a dense mask: the flash tiles compute the score of every pair and add −∞ to hidden ones, as frameworks do with a
/// mask. It is the comparison that shows the gain of skipping.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
public sealed unsafe class SimulatedSparse<TSet> : AttentionKernel
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "sparse-simulated", "simulated: dense flash tiles compute every pair, hidden ones get −∞ added; nothing is skipped", Operations.Softmax)
    {
        BuildsOn = "flash-avx512-6x64",
    };

    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override Takes Takes => Takes.Patterns | Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem)
    {
        if (HeadDimLimit.Refuses(problem) is { } reason)
            return Refuse(reason);
        if (problem.Mask is FullMask or CausalMask)
            return Refuse("nothing is simulated under the full and causal masks; flash kernels are dense there");
        FlashBlocks blocks = FlashBlocks.Of<TSet>(problem);
        long floats = FlashScratch<TSet>.Length(blocks) + (long)problem.Keys * TSet.QueryRows + CacheLine.Floats;
        return new(problem.Batch * problem.Heads * Tiles(problem)) { ThreadBytes = sizeof(float) * floats };
    }

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int headIndex, int tileIndex) = Math.DivRem(item, Tiles(problem));
        (int batch, int head) = Math.DivRem(headIndex, problem.Heads);
        int begin = tileIndex * TSet.QueryRows, end = Math.Min(problem.Queries, begin + TSet.QueryRows);
        var tile = new SparseTile(batch, head, TokenRun.Range(begin, end));
        FlashBlocks blocks = FlashBlocks.Of<TSet>(problem);
        float* memory = (float*)call.Own;
        var own = new FlashScratch<TSet>(memory, blocks);
        float* bias = CacheLine.Align(memory + FlashScratch<TSet>.Length(blocks));
        Span<bool> seeing = stackalloc bool[TSet.QueryRows];
        FillBias(problem, problem.Head(head), tile, bias, seeing);
        Packing<TSet>.Queries(call.Q, tile, blocks, problem.Scale, own);
        var keys = new KeyValueRows<TSet>(call.K, call.V, batch, problem.KvHead(head));
        var softmax = new TileSoftmax<TSet>(problem, blocks, tile.Rows, own, exactMaxima: true);
        var every = new VisibleKeys<TSet>(new KeyRange(0, problem.Keys), tile.Rows, stackalloc KeyRange[TSet.QueryRows]);
        for (KeyRange block = every.First(blocks.Keys); !block.IsEmpty; block = every.After(block, blocks.Keys))
            softmax.AddBiasedBlock(keys.Read(block, blocks, own), block, every, bias + (nint)block.Begin * TSet.QueryRows);
        softmax.Write(tile, seeing, joins: false, RowTargets.Of(call));
    }

    private static int Tiles(AttentionProblem problem) => (problem.Queries - 1) / TSet.QueryRows + 1;

    /// <summary>Writes the number to add to each score, [key, row], and marks the rows that see a key.</summary>
    private static void FillBias(AttentionProblem problem, in MaskedHead head, SparseTile tile, float* bias, Span<bool> seeing)
    {
        new Span<float>(bias, problem.Keys * TSet.QueryRows).Fill(float.NegativeInfinity);
        float scale = ScoreScale.OfDifferences(problem.Scale);
        for (int index = 0; index < problem.Mask.Parts; index++)
        {
            PatternPart part = problem.Mask.Part(index);
            for (int row = 0; row < tile.Rows; row++)
            {
                int query = tile.Queries[row], group = part.Group(head, query), cursor = 0;
                while (group >= 0 && part.TryNext(head, group, TokenRun.Range(query, query + 1), ref cursor, out TokenRun keys, out bool covered))
                {
                    KeyRange seen = covered ? new(0, keys.Count) : part.Seen(head, query, keys);
                    seeing[row] |= !seen.IsEmpty;
                    for (int i = seen.Begin; i < seen.End; i++)
                        CountOnceMore(ref bias[(nint)keys[i] * TSet.QueryRows + row], scale);
                }
            }
        }
    }

    // A key that counts c times has the weight of one whose score is larger by log c.
    private static void CountOnceMore(ref float bias, float scale) =>
        bias = bias == float.NegativeInfinity ? 0 : MathF.Log2(float.Exp2(bias * scale) + 1) / scale;
}
