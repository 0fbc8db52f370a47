using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that are wrong in a step of the backward pass.</summary>
internal static class WrongGradients
{
    private const int Block = 64;

    public static IReadOnlyList<WrongKernel> Create() => [.. Formulas(), .. Masks(), .. Heads(), .. Blocks()];

    private static IEnumerable<WrongKernel> Formulas() =>
    [
        new(new ScalarBackward
        {
            Name = "no-row-sum", Mistake = "forgets the row sums of dO∘O",
            Sum = (_, _) => 0,
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "row-sum-of-squares", Mistake = "takes the row sums of dO∘dO",
            Sum = (gradO, _) => ScalarAttention.PlainDot(gradO, gradO),
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "row-sum-added", Mistake = "adds the row sum instead of subtracting it",
            Gradient = (weight, gradP, sum) => weight * (gradP + sum),
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "no-softmax", Mistake = "passes dP on as dS, as if there were no softmax",
            Gradient = (_, gradP, _) => gradP,
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "sigmoid", Mistake = "takes the derivative of a sigmoid, P(1 − P)·dP",
            Gradient = (weight, gradP, _) => weight * (1 - weight) * gradP,
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "no-scale-in-dq", Mistake = "forgets the scale in dQ",
            ScaleOfQ = _ => 1,
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "no-scale-in-dk", Mistake = "forgets the scale in dK",
            ScaleOfK = _ => 1,
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "scale-twice-in-dk", Mistake = "applies the scale to Q and to dS, so twice in dK",
            ScaleOfK = problem => problem.Scale * problem.Scale,
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "no-scale", Mistake = "forgets the scale of the scores",
            Scale = _ => 1,
        }, Inaccurate, Infinite, FailureKind.NaN),
        new(new ScalarBackward
        {
            Name = "no-lse", Mistake = "does not normalise the weights by the log-sum-exp",
            Weight = (score, _) => MathF.Exp(score),
        }, Inaccurate, Infinite, FailureKind.NaN),
        new(new ScalarBackward
        {
            Name = "lse-base-2", Mistake = "takes the log-sum-exp as a logarithm to base 2",
            Weight = (score, lse) => float.Exp2(score * MathF.Log2(MathF.E) - lse),
        }, Inaccurate, Infinite, FailureKind.NaN),
        new(new ScalarBackward
        {
            Name = "half-precision-weights", Mistake = "keeps the weights as float16",
            Weight = (score, lse) => (float)(Half)MathF.Exp(score - lse),
        }, Inaccurate, InaccurateOnAverage),
    ];

    private static IEnumerable<WrongKernel> Masks() =>
    [
        new(new ScalarBackward
        {
            Name = "no-mask", Mistake = "ignores the mask",
            Visible = (problem, _) => new(0, problem.Keys), Count = (_, _, _, _) => 1,
        }, Inaccurate, MaskedRowNotZero),
        new(new ScalarBackward
        {
            Name = "sees-next-key", Mistake = "a causal mask that lets the next key through",
            Visible = Causal(1),
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "hides-own-key", Mistake = "a causal mask that hides the query's own key",
            Visible = Causal(-1),
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "counts-once", Mistake = "counts a key once that two parts of a pattern show",
            Count = (problem, head, query, key) => Math.Min(1, problem.Mask.Count(problem.Head(head), query, key)),
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "blind-rows-not-a-number", Mistake = "leaves NaN in dQ of queries that see no key",
            Finish = (problem, head, query, gradQ) =>
            {
                if (problem.IsBlind(head, query))
                    gradQ.Fill(float.NaN);
            },
        }, MaskedRowNotZero),
        new(new ScalarBackward
        {
            Name = "unseen-keys-tiny", Mistake = "leaves 10⁻³⁰ in dK and dV of keys that no query sees",
            FinishKey = (problem, _, row) =>
            {
                if (row.All(number => number == 0))
                    Array.Fill(row, 1e-30f);
            },
        }, MaskedRowNotZero, Inaccurate),
    ];

    private static IEnumerable<WrongKernel> Heads() =>
    [
        new(new ScalarBackward
        {
            Name = "group-summed-once", Mistake = "keeps dK and dV of the last head of a group",
            AddsHeads = false,
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "kv-head-modulo", Mistake = "reads kv head = head mod kvHeads",
            KvHead = (problem, head) => head % problem.KvHeads,
        }, Inaccurate, Infinite, FailureKind.NaN),
        new(new ScalarBackward
        {
            Name = "transposed", Mistake = "takes dS instead of its transpose for dK",
            PairOfK = (problem, query, key) => query < problem.Keys && key < problem.Queries ? (key, query) : (query, key),
        }, Inaccurate, MaskedRowNotZero),
    ];

    private static IEnumerable<WrongKernel> Blocks() =>
    [
        new(new ScalarBackward
        {
            Name = "drops-last-block-of-keys", Mistake = "forgets the keys after the last whole block of 64",
            Visible = (problem, query) => problem.VisibleKeys(query).Intersect(new(0, Whole(problem.Keys))),
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "drops-last-block-of-queries", Mistake = "forgets the queries after the last whole block of 64",
            Queries = problem => Whole(problem.Queries),
        }, NotWritten),
        new(new ScalarBackward
        {
            Name = "drops-last-key", Mistake = "forgets the last key of more than 256",
            Visible = (problem, query) => problem.VisibleKeys(query).Intersect(new(0, problem.Keys > 256 ? problem.Keys - 1 : problem.Keys)),
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "overwrites-dq", Mistake = "overwrites dQ with every block of 64 keys",
            AddsToQ = key => key % Block != 0,
        }, Inaccurate),
        new(new ScalarBackward
        {
            Name = "race", Mistake = "blocks of queries add to dK and dV without waiting for each other",
            Races = true,
        }, NotThreadSafe),
    ];

    private static int Whole(int count) => count < Block ? count : count / Block * Block;

    private static Func<AttentionProblem, int, KeyRange> Causal(int shift) => (problem, query) =>
    {
        KeyRange visible = problem.VisibleKeys(query);
        return problem.Mask is CausalMask && visible.Length > 1 ? new(visible.Begin, Math.Min(problem.Keys, visible.End + shift)) : visible;
    };
}
