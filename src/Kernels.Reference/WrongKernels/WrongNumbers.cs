using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that lose precision or overflow.</summary>
internal static class WrongNumbers
{
    public static IReadOnlyList<WrongKernel> Create() =>
    [
        new(new ScalarAttention
        {
            Name = "no-max", Mistake = "does not subtract the maximum",
            Max = _ => 0,
        }, FailureKind.NaN),
        new(new ScalarAttention
        {
            Name = "max-from-zero", Mistake = "starts the maximum at 0, so that very negative scores vanish",
            Max = row => MathF.Max(0, ScalarAttention.PlainMax(row)),
        }, FailureKind.NaN),
        new(new ScalarAttention
        {
            Name = "first-score-as-max", Mistake = "subtracts the first score instead of the maximum",
            Max = row => row.IsEmpty ? 0 : row[0],
        }, FailureKind.NaN),
        new(new ScalarAttention
        {
            Name = "first-block-as-max", Mistake = "subtracts the maximum of the first 256 scores, however far later ones exceed it",
            Max = row => ScalarAttention.PlainMax(row[..Math.Min(row.Length, 256)]),
        }, FailureKind.NaN),
        new(new ScalarAttention
        {
            Name = "stale-max", Mistake = "an online softmax that does not rescale when the maximum grows",
            Scores = (_, _, row) => StaleMaximum(row),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "unscaled-split", Mistake = "with few queries, cuts the keys in pieces of 128 and joins the last one without rescaling it",
            Scores = UnscaledSplit,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "clamped-scores", Mistake = "clamps scores to ±80",
            Scores = (_, _, row) => Replace(row, score => Math.Clamp(score, -80, 80)),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "drops-faint-weights", Mistake = "leaves out keys whose weight is less than 10⁻⁷ of the largest",
            Exp = score => MathF.Exp(score) is var weight && weight < 1e-7f ? 0 : weight,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "half-accumulator", Mistake = "keeps the output in half precision while summing",
            Round = partial => (float)(Half)partial,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "half-weights", Mistake = "rounds the scores to half precision",
            Scores = (_, _, row) => Replace(row, score => (float)(Half)score),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "bfloat16-inputs", Mistake = "reads q and k as bfloat16",
            Dot = (q, k) => RoundedDot(q, k, 16),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "tf32-inputs", Mistake = "reads q and k with 10 bits of mantissa, as TF32 does",
            Dot = (q, k) => RoundedDot(q, k, 13),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "20-bit-inputs", Mistake = "reads q and k with 20 bits of mantissa",
            Dot = (q, k) => RoundedDot(q, k, 3),
        }, Inaccurate, InaccurateOnAverage),
        new(new ScalarAttention
        {
            Name = "coarse-exp", Mistake = "an exponential with a relative error of 10⁻³",
            Exp = score => MathF.Exp(score) * (1 + 1e-3f * MathF.Sin(20 * score)),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "fair-exp", Mistake = "an exponential with a relative error of 10⁻⁵",
            Exp = score => MathF.Exp(score) * (1 + 1e-5f * MathF.Sin(20 * score)),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "drops-small-weights", Mistake = "treats weights below 10⁻⁴ as 0",
            Exp = score => score < -9.2f ? 0 : MathF.Exp(score),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "truncated-output", Mistake = "cuts an output of bfloat16 off in place of rounding it to nearest",
            Output = Element.BFloat16,
            Finish = (_, _, row) => Replace(row, x => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) & 0xFFFF0000)),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "swapped-output", Mistake = "exchanges the two numbers of a word of an output of bfloat16",
            Output = Element.BFloat16,
            Finish = (_, _, row) => Swap(row),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "swallows-nan", Mistake = "treats NaN among the scores as hidden",
            Scores = (_, _, row) => Replace(row, score => float.IsNaN(score) ? float.NegativeInfinity : score),
        }, SwallowedNonFinite),
        new(new ScalarAttention
        {
            Name = "clamps-output", Mistake = "clamps the output to the largest finite number",
            Finish = (_, _, row) => Replace(row, x => float.MaxNumber(-float.MaxValue, float.MinNumber(float.MaxValue, x))),
        }, SwallowedNonFinite),
    ];

    private static void Replace(Span<float> row, Func<float, float> function)
    {
        foreach (ref float number in row)
            number = function(number);
    }

    private static void Swap(Span<float> row)
    {
        for (int c = 0; c + 1 < row.Length; c += 2)
            (row[c], row[c + 1]) = (row[c + 1], row[c]);
    }

    // Each weight is relative to the largest score so far and is not rescaled.
    private static void StaleMaximum(Span<float> row)
    {
        float max = ScalarAttention.PlainMax(row), runningMax = float.NegativeInfinity;
        foreach (ref float score in row)
        {
            runningMax = MathF.Max(runningMax, score);
            score += max - runningMax;
        }
    }

    // The weights of the last piece stay relative to its own maximum.
    private static void UnscaledSplit(AttentionProblem problem, int query, Span<float> row)
    {
        const int Piece = 128, MostQueries = 16;
        if (problem.Queries > MostQueries || row.Length <= Piece)
            return;
        float max = ScalarAttention.PlainMax(row);
        Span<float> last = row[((row.Length - 1) / Piece * Piece)..];
        float lastMax = ScalarAttention.PlainMax(last);
        foreach (ref float score in last)
            score += max - lastMax;
    }

    private static float RoundedDot(ReadOnlySpan<float> q, ReadOnlySpan<float> k, int dropped)
    {
        float sum = 0;
        for (int c = 0; c < q.Length; c++)
            sum += Rounded(q[c], dropped) * Rounded(k[c], dropped);
        return sum;
    }

    private static float Rounded(float number, int dropped)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        return BitConverter.UInt32BitsToSingle((bits + (1u << (dropped - 1))) >> dropped << dropped);
    }
}
