using Kernels.Abstractions;
using Kernels.Report.Formatting;

namespace Kernels.Report.Model;

/// <summary>What the cases of a sweep share.</summary>
/// <param name="Shape">Name of the model or sweep, if it has one.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="HeadDim">Channels of a query and of a key.</param>
/// <param name="Queries">Number of queries where it is constant (decoding); null where it equals the number of keys.</param>
/// <param name="Mask">Name of the mask.</param>
/// <param name="Scale">Scale when it is not the default.</param>
/// <param name="Threads">Threads.</param>
public sealed record SweepKey(
    string? Shape, int Batch, int Heads, int KvHeads, int HeadDim, int? Queries, string Mask, float? Scale, int Threads)
{
    /// <summary>Channels of a value.</summary>
    public required int ValueDim { get; init; }

    /// <summary>Position of the first query when it is not the default.</summary>
    public int? QueryStart { get; init; }

    /// <summary>Position of the first key.</summary>
    public int KeyStart { get; init; }

    /// <summary>Where the rows lie in memory.</summary>
    public TokenOrder Order { get; init; }

    /// <summary>Widths of a layer around the attention, such as <c>-m768-f3072</c>; empty without.</summary>
    public string Widths { get; init; } = "";

    /// <summary>The workload that the group of its kernels is named after.</summary>
    public required Workload Workload { get; init; }

    /// <summary>The key of a case whose problem could be read.</summary>
    public static SweepKey Of(ReportCase measured)
    {
        AttentionProblem problem = measured.Problem!;
        bool usualScale = problem.Scale == AttentionProblem.DefaultScale(problem.HeadDim);
        return new(
            measured.Result.Shape, problem.Batch, problem.Heads, problem.KvHeads, problem.HeadDim,
            problem.Queries == problem.Keys ? null : problem.Queries, problem.Mask.Name, usualScale ? null : problem.Scale,
            measured.Result.Threads)
        {
            ValueDim = problem.ValueDim,
            QueryStart = problem.QueryStart == problem.UsualQueryStart ? null : problem.QueryStart,
            KeyStart = problem.KeyStart,
            // A layer's rows are always in that order.
            Order = problem is LayerProblem ? TokenOrder.HeadMajor : problem.Order,
            Widths = problem is LayerProblem layer ? $"-m{layer.Width}-f{layer.Hidden}" : "",
            Workload = measured.Workload.Group,
        };
    }

    /// <summary>The length that a sweep varies: the number of keys, and of queries unless constant.</summary>
    public static int Length(ReportCase measured) => measured.Problem!.Keys;

    /// <summary>
    /// The shared part of the problem's name, such as <c>b1-h8-d64-causal</c>, and the workload unless it is softmax attention in float32.
    /// </summary>
    public string Name
    {
        get
        {
            string heads = Heads == KvHeads ? $"h{Heads}" : $"h{Heads}/{KvHeads}";
            string queries = (Queries, QueryStart) == (null, null) ? "" : $"-q{Queries}{(QueryStart is { } start ? $"@{start}" : "")}";
            string keys = KeyStart == 0 ? "" : $"-k@{KeyStart}";
            string values = ValueDim == HeadDim ? "" : $"v{ValueDim}";
            string order = Order == TokenOrder.HeadMajor ? "" : "-bshd";
            string scale = Scale is { } unusual ? $"-s{Numbers.Exact(unusual)}" : "";
            string workload = Workload.Distinction is { } distinction ? $"-{distinction}" : "";
            return $"b{Batch}-{heads}{queries}{keys}-d{HeadDim}{values}-{Mask}{order}{scale}{Widths}{workload}";
        }
    }

    /// <summary>Batch and heads in words: 8 heads, or 32 heads on 8 kv heads.</summary>
    public string HeadWords =>
        (Batch == 1 ? "" : $"batch {Batch}, ") + (Heads == KvHeads ? $"{Heads} {(Heads == 1 ? "head" : "heads")}" : $"{Heads} heads on {KvHeads} kv heads");

    /// <summary>Channels in words: 64, or 64, value dim 32.</summary>
    public string HeadDimWords => $"{HeadDim}{(ValueDim == HeadDim ? "" : $", value dim {ValueDim}")}";

    /// <summary>The mask in words, with positions, order and scale where they are not the default.</summary>
    public string MaskWords => Mask + Positions + OrderAndScale;

    /// <summary>The key in words: 8 heads, head dim 64, causal mask, 1 thread.</summary>
    public string Words
    {
        get
        {
            string queries = Queries is { } fixedQueries ? $", {fixedQueries} {(fixedQueries == 1 ? "query" : "queries")}" : "";
            string workload = Workload == Workload.Softmax ? "" : $"{Workload.Words}, ";
            return $"{workload}{HeadWords}{queries}{Positions}, head dim {HeadDimWords}{Widths.Replace("-m", ", width ").Replace("-f", ", hidden ")}, "
                + $"{Mask} mask{OrderAndScale}, {Numbers.Threads(Threads)}";
        }
    }

    private string Positions => (QueryStart is { } start ? $", first query at {start}" : "") + (KeyStart == 0 ? "" : $", first key at {KeyStart}");

    private string OrderAndScale =>
        (Order == TokenOrder.HeadMajor ? "" : ", token-major order") + (Scale is { } unusual ? $", scale {Numbers.Short(unusual)}" : "");
}
