using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that compute another formula.</summary>
internal static class WrongFormulas
{
    public static IReadOnlyList<WrongKernel> Create() =>
    [
        new(new ScalarAttention
        {
            Name = "mean-v", Mistake = "ignores q and k: the mean of the values",
            Exp = _ => 1,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "zeros", Mistake = "returns zeros",
            Finish = (_, _, row) => row.Clear(),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "hard-max", Mistake = "takes the best key alone",
            Exp = score => score == 0 ? 1 : 0,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "no-scale", Mistake = "forgets the scale",
            Scale = _ => 1,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "scale-twice", Mistake = "applies the scale twice",
            Scale = problem => problem.Scale * problem.Scale,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "own-scale", Mistake = "takes 1/√d whatever the scale",
            Scale = problem => AttentionProblem.DefaultScale(problem.HeadDim),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "scale-by-keys", Mistake = "takes 1/√keys as the scale",
            Scale = problem => 1 / MathF.Sqrt(problem.Keys),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "no-normalisation", Mistake = "does not divide by the sum",
            Normalise = (_, _, _) => { },
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "normalises-by-keys", Mistake = "divides by the number of keys",
            Normalise = DivideByKeys,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "sums-hidden-keys", Mistake = "counts hidden keys in the sum, as score 0",
            Normalise = CountHiddenKeys,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "reversed-values", Mistake = "takes the values in reverse order",
            ValueOf = (visible, key) => visible.Begin + visible.End - 1 - key,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "value-off-by-one", Mistake = "takes the value of the key before",
            ValueOf = (visible, key) => Math.Max(visible.Begin, key - 1),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "cosine", Mistake = "compares directions only: divides the score by |k|",
            Dot = (q, k) => ScalarAttention.PlainDot(q, k) / MathF.Sqrt(ScalarAttention.PlainDot(k, k)),
        }, Inaccurate, FailureKind.NaN),
    ];

    private static void DivideByKeys(AttentionProblem problem, int query, Span<float> row)
    {
        foreach (ref float weight in row)
            weight /= row.Length;
    }

    private static void CountHiddenKeys(AttentionProblem problem, int query, Span<float> row)
    {
        float sum = problem.Keys - row.Length;
        foreach (float weight in row)
            sum += weight;
        foreach (ref float weight in row)
            weight /= sum;
    }
}
