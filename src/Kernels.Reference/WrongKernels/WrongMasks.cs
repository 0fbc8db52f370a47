using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that see hidden keys or miss visible ones.</summary>
internal static class WrongMasks
{
    public static IReadOnlyList<WrongKernel> Create() =>
    [
        new(new ScalarAttention
        {
            Name = "no-mask", Mistake = "ignores the mask",
            Visible = (problem, _) => new(0, problem.Keys),
        }, Inaccurate, MaskedRowNotZero),
        new(new ScalarAttention
        {
            Name = "sees-next-key", Mistake = "a causal mask that lets the next key through",
            Visible = Causal(0, 1),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "hides-own-key", Mistake = "a causal mask that hides the query's own key",
            Visible = Causal(0, -1),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "other-corner", Mistake = "aligns a causal mask to the wrong corner",
            Visible = OtherCorner,
        }, Inaccurate, MaskedRowNotZero),
        new(new ScalarAttention
        {
            Name = "window-left-edge", Mistake = "a window that begins one key early",
            Visible = Window(-1, 0),
        }, Inaccurate, MaskedRowNotZero),
        new(new ScalarAttention
        {
            Name = "window-right-edge", Mistake = "a window that ends one key early",
            Visible = Window(0, -1),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "window-from-first-key", Mistake = "a window that is causal: its left edge is ignored",
            Visible = WithoutLeftEdge,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "masked-rows-nan", Mistake = "divides 0 by 0 in rows that see no key",
            Finish = IfMasked((_, _) => float.NaN),
        }, MaskedRowNotZero),
        new(new ScalarAttention
        {
            Name = "masked-rows-garbage", Mistake = "leaves something in rows that see no key",
            Finish = IfMasked((_, query) => query),
        }, MaskedRowNotZero),
        new(new ScalarAttention
        {
            Name = "masked-rows-tiny", Mistake = "leaves 10⁻³⁰ in rows that see no key",
            Finish = IfMasked((_, _) => 1e-30f),
        }, MaskedRowNotZero),
        new(new ScalarAttention
        {
            Name = "drops-last-tile", Mistake = "forgets the keys after the last whole tile of 64",
            Visible = WholeTiles,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "drops-last-key", Mistake = "forgets the last key of more than 256",
            Visible = WithoutLastKey,
        }, Inaccurate),
    ];

    private static Func<AttentionProblem, int, KeyRange> Causal(int begin, int end) => Shifted<CausalMask>(begin, end);

    private static Func<AttentionProblem, int, KeyRange> Window(int begin, int end) => Shifted<WindowMask>(begin, end);

    private static Func<AttentionProblem, int, KeyRange> Shifted<TMask>(int begin, int end)
        where TMask : AttentionMask =>
        (problem, query) =>
        {
            KeyRange visible = problem.VisibleKeys(query);
            return problem.Mask is TMask && visible.Length > 1
                ? new(Math.Max(0, visible.Begin + begin), Math.Min(problem.Keys, visible.End + end))
                : visible;
        };

    private static KeyRange OtherCorner(AttentionProblem problem, int query) =>
        problem.Mask is not CausalMask mask
            ? problem.VisibleKeys(query)
            : (mask.Alignment == CausalAlignment.LastKey ? AttentionMask.CausalTopLeft : AttentionMask.Causal)
                .VisibleKeys(problem.Head(0), query);

    private static KeyRange WithoutLeftEdge(AttentionProblem problem, int query) =>
        problem.Mask is WindowMask ? new(0, problem.VisibleKeys(query).End) : problem.VisibleKeys(query);

    private static KeyRange WholeTiles(AttentionProblem problem, int query)
    {
        KeyRange visible = problem.VisibleKeys(query);
        return problem.Keys < 64 ? visible : visible.Intersect(new(0, problem.Keys / 64 * 64));
    }

    private static KeyRange WithoutLastKey(AttentionProblem problem, int query)
    {
        KeyRange visible = problem.VisibleKeys(query);
        return problem.Keys <= 256 ? visible : visible.Intersect(new(0, problem.Keys - 1));
    }

    private static ScalarAttention.RowStep IfMasked(Func<AttentionProblem, int, float> value) =>
        (problem, query, row) =>
        {
            if (problem.VisibleKeys(query).IsEmpty)
                row.Fill(value(problem, query));
        };
}
