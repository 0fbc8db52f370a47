using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>Simpler cases than a given one, the most drastic first; each changes one thing.</summary>
internal static class SmallerCases
{
    /// <summary>The cases; none when the case is the simplest.</summary>
    public static IEnumerable<GateCase> Of(GateCase gateCase)
    {
        if (gateCase.Problem is not AttentionProblem problem)
            yield break;
        foreach (Func<AttentionProblem?> smaller in Problems(problem))
        {
            if (Valid(smaller) is { } valid && valid != problem)
                yield return gateCase with { Problem = valid };
        }
        if (gateCase.Injection is null && gateCase.Inputs != InputFamily.Normal)
            yield return gateCase with { Inputs = InputFamily.Normal };
        if (gateCase.Seed != 1)
            yield return gateCase with { Seed = 1 };
    }

    private static IEnumerable<Func<AttentionProblem?>> Problems(AttentionProblem from)
    {
        var sizes = new ProblemSizes(from);
        yield return () => (sizes with { Mask = AttentionMask.Full }).Create();
        if (from.Mask is not (FullMask or CausalMask))
            yield return () => (sizes with { Mask = AttentionMask.Causal }).Create();
        yield return () => (sizes with { QueryStart = null, KeyStart = 0 }).Create();
        yield return () => (sizes with { Order = TokenOrder.HeadMajor }).Create();
        yield return () => (sizes with { Scale = null }).Create();
        yield return () => (sizes with { ValueDim = null }).Create();
        foreach (int batch in Smaller(from.Batch))
            yield return () => (sizes with { Batch = batch }).Create();
        foreach (int kvHeads in Smaller(from.KvHeads))
            yield return () => (sizes with { Heads = kvHeads * (from.Heads / from.KvHeads), KvHeads = kvHeads }).Create();
        foreach (int group in Smaller(from.Heads / from.KvHeads))
            yield return () => (sizes with { Heads = group * from.KvHeads }).Create();
        foreach (int both in from.Queries == from.Keys ? Smaller(from.Keys) : [])
            yield return () => (sizes with { Queries = both, Keys = both }).Create();
        foreach (int queries in Smaller(from.Queries))
            yield return () => (sizes with { Queries = queries }).Create();
        foreach (int keys in Smaller(from.Keys))
            yield return () => (sizes with { Keys = keys }).Create();
        foreach (int headDim in Smaller(from.HeadDim))
            yield return () => (sizes with { HeadDim = headDim }).Create();
        if (from is LayerProblem layer)
        {
            foreach (int width in Smaller(layer.Width))
                yield return () => new LayerProblem(layer, width, layer.Hidden);
            foreach (int hidden in Smaller(layer.Hidden))
                yield return () => new LayerProblem(layer, layer.Width, hidden);
        }
        foreach (int valueDim in sizes.ValueDim is { } width ? Smaller(width) : [])
            yield return () => (sizes with { ValueDim = valueDim }).Create();
    }

    private static IEnumerable<int> Smaller(int size) =>
        new[] { 1, size / 2, size - size / 4, size - size / 16, size - 1 }.Where(each => each >= 1 && each < size).Distinct();

    // Positions and masks allow some sizes and not others.
    private static AttentionProblem? Valid(Func<AttentionProblem?> create)
    {
        try
        {
            return create();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>What a problem is created from, null for defaults.</summary>
    private sealed record ProblemSizes
    {
        private readonly AttentionProblem around;

        public ProblemSizes(AttentionProblem from)
        {
            around = from;
            (Batch, Heads, KvHeads, Queries, Keys, HeadDim) = (from.Batch, from.Heads, from.KvHeads, from.Queries, from.Keys, from.HeadDim);
            (Mask, Order, KeyStart) = (from.Mask, from.Order, from.KeyStart);
            Scale = from.Scale == AttentionProblem.DefaultScale(HeadDim) ? null : from.Scale;
            ValueDim = from.ValueDim == HeadDim ? null : from.ValueDim;
            QueryStart = from.QueryStart == from.UsualQueryStart ? null : from.QueryStart;
        }

        public int Batch { get; init; }

        public int Heads { get; init; }

        public int KvHeads { get; init; }

        public int Queries { get; init; }

        public int Keys { get; init; }

        public int HeadDim { get; init; }

        public AttentionMask Mask { get; init; }

        public float? Scale { get; init; }

        public int? ValueDim { get; init; }

        public int? QueryStart { get; init; }

        public int KeyStart { get; init; }

        public TokenOrder Order { get; init; }

        public AttentionProblem Create() =>
            around.On(new(Batch, Heads, KvHeads, Queries, Keys, HeadDim, Mask, Scale, ValueDim, QueryStart, KeyStart, Order));
    }
}
