using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that are wrong in the log-sum-exp, or in how a state is continued.</summary>
internal static class WrongRowSums
{
    private const float Ln2 = 0.6931472f;

    public static IReadOnlyList<WrongKernel> Create(SoftmaxAttention operation) =>
        operation is SoftmaxStep ? [.. OfBoth(operation), .. OfStep(operation)] : [.. OfBoth(operation), .. OfLse(operation)];

    private static IEnumerable<WrongKernel> OfBoth(SoftmaxAttention operation) =>
    [
        new(new ScalarRowSums(operation)
        {
            Name = "base-2", Mistake = "takes the logarithm to base 2",
            Finish = (max, sum) => max / Ln2 + MathF.Log2(sum),
        }, Inaccurate, FailureKind.NaN),
        new(new ScalarRowSums(operation)
        {
            Name = "mixed-bases", Mistake = "adds the logarithm to base 2 to a maximum in natural units",
            Finish = (max, sum) => max + MathF.Log2(sum),
        }, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "max-alone", Mistake = "gives the maximum in place of the log-sum-exp",
            Finish = (max, _) => max,
        }, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "no-max", Mistake = "forgets to add the maximum to the logarithm",
            Finish = (_, sum) => MathF.Log(sum),
        }, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "sum-not-rescaled", Mistake = "does not rescale the sum when the maximum grows",
            RescaleSum = _ => 1,
        }, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "output-not-rescaled", Mistake = "does not rescale the output when the maximum grows",
            RescaleOutput = _ => 1,
        }, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "not-divided", Mistake = "does not divide the output by the sum",
            Divides = false,
        }, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "no-scale", Mistake = "forgets the scale",
            Scale = _ => 1,
        }, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "blind-rows-not-a-number", Mistake = "leaves NaN in the log-sum-exp of rows that see no key",
            After = IfBlind((ref float lse) => lse = float.NaN),
        }, MaskedRowNotZero),
        new(new ScalarRowSums(operation)
        {
            Name = "one-sum-for-all", Mistake = "writes every log-sum-exp to the row of the first query",
            LseRow = (_, _) => 0,
        }, NotWritten, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "last-key-late", Mistake = "forgets the last key that a query sees of more than 128",
            Visible = (problem, query) => problem.VisibleKeys(query) is { Length: > 128 } visible
                ? new(visible.Begin, visible.End - 1) : problem.VisibleKeys(query),
        }, Inaccurate),
    ];

    private static IEnumerable<WrongKernel> OfLse(SoftmaxAttention operation) =>
    [
        new(new ScalarRowSums(operation)
        {
            Name = "blind-rows-zero", Mistake = "gives 0 in place of −∞ for rows that see no key",
            After = IfBlind((ref float lse) => lse = 0),
        }, MaskedRowNotZero),
        new(new ScalarRowSums(operation)
        {
            Name = "blind-rows-lowest", Mistake = "gives the lowest finite number in place of −∞ for rows that see no key",
            After = IfBlind((ref float lse) => lse = float.MinValue),
        }, MaskedRowNotZero),
    ];

    private static IEnumerable<WrongKernel> OfStep(SoftmaxAttention operation) =>
    [
        new(new ScalarRowSums(operation)
        {
            Name = "overwrites", Mistake = "overwrites what was seen before instead of joining it",
            Begin = _ => (float.NegativeInfinity, 0),
        }, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "max-not-joined", Mistake = "keeps the old log-sum-exp as the maximum, however far new scores exceed it",
            Join = (max, score) => float.IsNegativeInfinity(max) ? score : max,
        }, FailureKind.NaN, Infinite, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "state-of-nothing", Mistake = "counts a state that has seen nothing as one key of score 0",
            Begin = lse => (float.IsNegativeInfinity(lse) ? 0 : lse, 1),
        }, FailureKind.NaN, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "state-counted-twice", Mistake = "counts what was seen before twice in the sum",
            Begin = lse => (lse, float.IsNegativeInfinity(lse) ? 0 : 2),
        }, Inaccurate),
        new(new ScalarRowSums(operation)
        {
            Name = "blind-rows-cleared", Mistake = "clears rows that see no key of the block",
            After = ClearBlind,
        }, MaskedRowNotZero),
        new(new ScalarRowSums(operation)
        {
            Name = "indices-for-positions", Mistake = "masks by the numbers of queries and keys instead of their positions",
            Visible = (problem, query) => problem.Mask.VisibleKeys(new(problem.Mask, 0, problem.Queries, problem.Keys), query),
        }, Inaccurate),
    ];

    private delegate void Change(ref float lse);

    private static ScalarRowSums.End IfBlind(Change change) => (AttentionProblem problem, int query, Span<float> output, ref float lse) =>
    {
        if (problem.Mask.IsContiguous && problem.VisibleKeys(query).IsEmpty)
            change(ref lse);
    };

    private static void ClearBlind(AttentionProblem problem, int query, Span<float> output, ref float lse)
    {
        if (!problem.Mask.IsContiguous || !problem.VisibleKeys(query).IsEmpty)
            return;
        output.Clear();
        lse = float.NegativeInfinity;
    }
}
