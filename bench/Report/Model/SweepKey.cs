using Kernels.Abstractions;

namespace Kernels.Bench.Report.Model;

/// <summary>What the cases of a sweep share.</summary>
/// <param name="Shape">Name of the model or sweep, if it has one.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="HeadDim">Channels of a head.</param>
/// <param name="Queries">Number of queries where it stays the same while the keys grow (decoding); null where they are equal.</param>
/// <param name="Mask">Name of the mask.</param>
/// <param name="Scale">Scale when it is not the usual one.</param>
/// <param name="Threads">Threads.</param>
public sealed record SweepKey(
    string? Shape, int Batch, int Heads, int KvHeads, int HeadDim, int? Queries, string Mask, float? Scale, int Threads)
{
    /// <summary>The key of a case whose problem could be read.</summary>
    public static SweepKey Of(ReportCase measured)
    {
        AttentionProblem problem = measured.Problem!;
        bool usualScale = problem.Scale == AttentionProblem.DefaultScale(problem.HeadDim);
        return new(
            measured.Result.Shape, problem.Batch, problem.Heads, problem.KvHeads, problem.HeadDim,
            problem.Queries == problem.Keys ? null : problem.Queries, problem.Mask.Name, usualScale ? null : problem.Scale,
            measured.Result.Threads);
    }

    /// <summary>The length that a sweep varies: keys, and queries with them unless they stay the same.</summary>
    public static int Length(ReportCase measured) => measured.Problem!.Keys;

    /// <summary>The shared part of the problem's name, such as <c>b1-h8-d64-causal</c>.</summary>
    public string Name
    {
        get
        {
            string heads = Heads == KvHeads ? $"h{Heads}" : $"h{Heads}/{KvHeads}";
            string queries = Queries is { } fixedQueries ? $"-q{fixedQueries}" : "";
            return $"b{Batch}-{heads}{queries}-d{HeadDim}-{Mask}{(Scale is { } scale ? $"-s{Numbers.Exact(scale)}" : "")}";
        }
    }

    /// <summary>The key in words: 8 heads, head dim 64, causal mask, 1 thread.</summary>
    public string Words
    {
        get
        {
            string batch = Batch == 1 ? "" : $"batch {Batch}, ";
            string heads = Heads == KvHeads ? $"{Heads} {(Heads == 1 ? "head" : "heads")}" : $"{Heads} heads on {KvHeads} kv heads";
            string queries = Queries is { } fixedQueries ? $", {fixedQueries} {(fixedQueries == 1 ? "query" : "queries")}" : "";
            string scale = Scale is { } unusual ? $", scale {Numbers.Short(unusual)}" : "";
            return $"{batch}{heads}{queries}, head dim {HeadDim}, {Mask} mask{scale}, {Numbers.Threads(Threads)}";
        }
    }
}
