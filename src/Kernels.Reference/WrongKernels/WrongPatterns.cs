using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that enumerate a sparse pattern with a mistake.</summary>
internal static class WrongPatterns
{
    public static IReadOnlyList<WrongKernel> Create() =>
    [
        new(new ScalarAttention
        {
            Name = "dilated-edge", Mistake = "a dilated window without its first key",
            Count = As<DilatedWindow>(mask => new DilatedWindow(Math.Max(0, mask.Left - 1), mask.Right, mask.Rate)),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "segment-offset-ignored", Mistake = "the segments of every head begin with the same token, as if it were head 0",
            Count = (problem, head, query, key) => problem.Mask.Count(problem.Head(problem.Mask is LongNet ? 0 : head), query, key),
        }, Inaccurate, MaskedRowNotZero),
        new(new ScalarAttention
        {
            Name = "pairs-not-mixed", Mistake = "a key that two pairs of segment and rate show counts once",
            Count = (problem, head, query, key) => Math.Min(1, problem.Mask.Count(problem.Head(head), query, key)),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "last-global-token", Mistake = "forgets the last global token",
            Count = As<Longformer>(mask => new Longformer(mask.Side, Math.Max(0, mask.Global - 1))),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "global-rows-forgotten", Mistake = "everyone sees the global tokens, but they see only their window",
            Count = (problem, head, query, key) => problem.Mask is Longformer mask && key >= mask.Global
                ? new Longformer(mask.Side, 0).Count(problem.Head(head), query, key)
                : problem.Mask.Count(problem.Head(head), query, key),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "other-random-blocks", Mistake = "draws random blocks from the next seed",
            Count = As<BigBird>(mask => new BigBird(mask.BlockSize, mask.WindowBlocks, mask.Global, mask.Random, mask.Seed + 1)),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "block-row-late", Mistake = "takes the last query of a block to the next row of blocks",
            Count = (problem, head, query, key) => problem.Mask is RandomBlocks mask && query % mask.BlockSize == mask.BlockSize - 1
                ? mask.Count(problem.Head(head), Math.Min(query + 1, problem.Queries - 1), key)
                : problem.Mask.Count(problem.Head(head), query, key),
        }, Inaccurate, MaskedRowNotZero),
        new(new ScalarAttention
        {
            Name = "strided-columns-late", Mistake = "the strided keys are those of the token before",
            Count = (problem, head, query, key) => problem.Mask is StridedPattern mask && key < query + problem.Keys - problem.Queries - mask.Stride
                ? mask.Count(problem.Head(head), query, key + 1)
                : problem.Mask.Count(problem.Head(head), query, key),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "summary-short", Mistake = "forgets the last summary key of each block but its own",
            Count = (problem, head, query, key) =>
                problem.Mask is FixedPattern mask && key % mask.Block == mask.Block - 1
                    && key / mask.Block < (query + problem.Keys - problem.Queries) / mask.Block
                    ? 0
                    : problem.Mask.Count(problem.Head(head), query, key),
        }, Inaccurate),
    ];

    /// <summary>Counts as another mask does, where the mask is a <typeparamref name="TMask"/>.</summary>
    private static ScalarAttention.PairCount As<TMask>(Func<TMask, AttentionMask> other)
        where TMask : AttentionMask =>
        (problem, head, query, key) =>
        {
            AttentionMask mask = problem.Mask is TMask own ? other(own) : problem.Mask;
            return mask.Count(problem.Head(head) with { Mask = mask }, query, key);
        };
}
