using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>
/// Kernels that add another bias than <see cref="SoftmaxAlibi"/> does. What moves all distances of a row by the same number is no mistake, since the
/// softmax takes it out; so mistakes of positions show where there are keys on both sides of a query.
/// </summary>
internal static class WrongAlibi
{
    /// <summary>The kernel without a mistake.</summary>
    public static Kernel Control(SoftmaxAlibi operation) => Kernel(operation, "control", "none: this one is right", SlopeOf, SoftmaxAlibi.Distance);

    public static IReadOnlyList<WrongKernel> Create(SoftmaxAlibi operation) =>
    [
        Wrong(operation, "no-bias", "forgets the bias", (_, _) => 0, SoftmaxAlibi.Distance),
        Wrong(operation, "sign", "adds the bias with the wrong sign", (problem, head) => -SlopeOf(problem, head), SoftmaxAlibi.Distance),
        Wrong(operation, "bias-scaled", "adds the bias before the scale", (problem, head) => SlopeOf(problem, head) * problem.Scale, SoftmaxAlibi.Distance),
        Wrong(operation, "slope-of-next-head", "takes the slope of the next head", (problem, head) =>
            SlopeOf(problem, (head + 1) % problem.Heads), SoftmaxAlibi.Distance),
        Wrong(operation, "slope-of-first-head", "takes the slope of head 0 for all", (problem, _) => SlopeOf(problem, 0), SoftmaxAlibi.Distance),
        Wrong(operation, "slope-of-group", "takes the slope of the kv head", (problem, head) =>
            SoftmaxAlibi.Slope(problem.KvHead(head), problem.KvHeads), SoftmaxAlibi.Distance),
        Wrong(operation, "slopes-from-one", "takes 2^(−8h/H), a slope of 1 for head 0", (problem, head) =>
            SlopeOf(problem, head) * MathF.Pow(2, 8f / problem.Heads), SoftmaxAlibi.Distance),
        Wrong(operation, "slopes-of-any-number", "takes 2^(−8(h+1)/H) for any number of heads", (problem, head) =>
            MathF.Pow(2, -8f * (head + 1) / problem.Heads), SoftmaxAlibi.Distance),
        Wrong(operation, "signed-distance", "takes i − j also where the key comes after the query", SlopeOf, (problem, query, key) =>
            Behind(problem, query, key)),
        Wrong(operation, "no-bias-ahead", "takes 0 where the key comes after the query", SlopeOf, (problem, query, key) =>
            Math.Max(0, Behind(problem, query, key))),
        Wrong(operation, "queries-from-zero", "numbers queries from 0 whatever their position", SlopeOf, (problem, query, key) =>
            Math.Abs(query - (problem.KeyStart + key))),
        Wrong(operation, "keys-from-zero", "numbers keys from 0 whatever their position", SlopeOf, (problem, query, key) =>
            Math.Abs(problem.QueryStart + query - key)),
        Wrong(operation, "query-one-later", "takes the position after that of the query", SlopeOf, (problem, query, key) =>
            Math.Abs(Behind(problem, query, key) + 1)),
        Wrong(operation, "distance-bf16", "keeps distances in bfloat16", SlopeOf, (problem, query, key) =>
            (int)Element.BFloat16.Round(SoftmaxAlibi.Distance(problem, query, key))),
        Wrong(operation, "distance-clipped", "knows no distance above 64", SlopeOf, (problem, query, key) =>
            Math.Min(64, SoftmaxAlibi.Distance(problem, query, key))),
    ];

    private static WrongKernel Wrong(
        SoftmaxAlibi operation, string name, string mistake, Func<AttentionProblem, int, float> slope, Func<AttentionProblem, int, int, int> distance) =>
        new(Kernel(operation, name, mistake, slope, distance), Inaccurate);

    private static ScalarAttention Kernel(
        SoftmaxAlibi operation, string name, string mistake, Func<AttentionProblem, int, float> slope, Func<AttentionProblem, int, int, int> distance) => new()
        {
            Operation = operation,
            Name = $"alibi-{name}",
            Mistake = mistake,
            Bias = (problem, head, query, key) => -slope(problem, head) * distance(problem, query, key),
        };

    private static float SlopeOf(AttentionProblem problem, int head) => SoftmaxAlibi.Slope(head, problem.Heads);

    private static int Behind(AttentionProblem problem, int query, int key) => problem.QueryStart + query - (problem.KeyStart + key);
}
