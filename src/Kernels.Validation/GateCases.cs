using Kernels.Abstractions;
using Kernels.Reference;
using static Kernels.Reference.InputFamily;

namespace Kernels.Validation;

/// <summary>
/// The list of cases: each line covers a boundary at which kernels fail, and families are distributed so that every family occurs with
/// every kind of mask. Problems are small, because irregular shapes expose errors and large ones do not.
/// </summary>
public static class GateCases
{
    private static readonly (string Problem, InputFamily[] Families)[] quick =
    [
        // One query, one key or one channel: loops of one iteration.
        ("h1-q1-k1-d64", [Normal]),
        ("b2-h2-q1-k1-d1", [Resonance]),
        ("h2-q2-k2-d13-causal", [Peaked]),
        ("h1-q1-k2-d40", [Cancelling]),
        // Decoding: one or a few queries on many keys, grouped heads.
        ("h4/2-q1-k197-d64", [Normal, OneHot]),
        ("h4/1-q1-k300-d128-causal", [Resonance]),
        ("b2-h8/2-q3-k65-d72-causal", [Outliers]),
        // Around the splits of a decoding kernel (multiples of 128 keys), of all keys and of the keys within a window.
        ("h1-q1-k127-d64", [Normal]),
        ("h8/2-q1-k128-d40", [Peaked]),
        ("h3/1-q1-k129-d80", [Resonance, Cancelling]),
        ("h2-q8-k140-d64-causal", [Peaked]),
        ("h2-q9-k150-d24-causal-topleft", [Outliers]),
        ("h2/1-q1-k257-d13", [Constant, OneHot]),
        ("h16/1-q1-k385-d96", [Normal]),
        ("h1-q16-k400-d256-causal", [Cancelling]),
        ("b2-h8/4-q2-k520-d128-s-0.2", [Resonance, Climbing]),
        ("h2-q5-k700-d72-window100+20", [Normal, Peaked]),
        ("h4/1-q4-k1100-d32-window300+0", [Climbing, Outliers]),
        // Around the size of one tile and two, with as many keys as queries.
        ("h2-q63-k63-d64-causal", [Normal, Constant]),
        ("h2-q64-k64-d64", [Normal, OneHot, Cancelling]),
        ("b2-h3-q65-k65-d80", [Peaked, Resonance]),
        ("h2-q127-k127-d64-causal", [Cancelling, OneHot]),
        ("h1-q128-k128-d96", [Outliers, Constant]),
        ("h1-q129-k129-d40-causal", [Resonance, Outliers]),
        ("h1-q257-k257-d64-causal", [Normal]),
        // Head dimensions with every kind of tail.
        ("h2-q37-k71-d1", [Normal, OneHot]),
        ("h4/2-q31-k67-d13-causal", [Peaked]),
        ("h1-q66-k66-d72", [Resonance]),
        ("h1-q61-k131-d128", [Peaked, Constant]),
        ("h1-q34-k70-d256-causal", [Normal]),
        // More keys than queries, and fewer, where causal masks hide all keys from the first queries.
        ("b2-h4/2-q31-k127-d40-causal", [Outliers]),
        ("h2/1-q67-k521-d64", [Peaked]),
        ("h1-q50-k1021-d64", [Climbing]),
        ("h1-q70-k300-d64-causal", [Climbing, Cancelling]),
        ("h2-q40-k10-d64-causal", [Normal, Outliers]),
        ("b2-h2-q129-k64-d96-causal", [Peaked]),
        ("h2-q20-k70-d64-causal-topleft", [Normal, Peaked]),
        ("h2-q70-k20-d40-causal-topleft", [Resonance]),
        // Windows: a single key, one side, narrower than a tile, wider than the keys, beyond both ends.
        ("h2-q65-k65-d64-window0+0", [Resonance, Constant]),
        ("h2-q130-k130-d40-window7+0", [Peaked, Cancelling]),
        ("h1-q97-k97-d64-window0+5", [Outliers]),
        ("h2/1-q129-k129-d64-window16", [Normal, OneHot]),
        ("h1-q63-k67-d72-window1000", [Normal]),
        ("h2-q50-k20-d64-window3+2", [Normal]),
        ("h1-q20-k150-d80-window64", [Peaked]),
        ("h1-q200-k200-d64-window70+3", [Resonance]),
        // Sparse patterns: lengths that are no multiple of a block, segment or stride, and shorter than one; queries that stand before the
        // sequence; rows that see no key.
        ("h2-q131-k131-d64-dilated20x3", [Normal, OneHot]),
        ("h4/2-q97-k140-d40-dilated7+0x5", [Peaked]),
        ("h5-q203-k203-d64-longnet32x1+96x4", [Normal, OneHot, Climbing]),
        ("h4/2-q50-k300-d24-longnet64x2+512x3", [Outliers]),
        ("h2-q70-k30-d16-longnet16x3", [Normal]),
        ("b2-h2-q200-k333-d64-blocks16-p20-seed1", [Normal, OneHot, Resonance]),
        ("h4/1-q150-k500-d72-blocks64-p40-seed2", [Peaked]),
        ("h2-q20-k11-d64-blocks32-p100-seed0", [Cancelling]),
        ("h4/2-q333-k333-d64-bigbird16-w3-g1-r2-seed1", [Normal, OneHot, Climbing]),
        ("h2-q100-k260-d80-bigbird32-w1-g2-r9-seed4", [Outliers]),
        ("h2-q90-k50-d32-bigbird16-w3-g0-r1-seed3", [Resonance]),
        ("h2-q301-k301-d64-longformer40-g3", [Normal, OneHot, Peaked]),
        ("h4/2-q60-k170-d40-longformer20-g50", [Resonance]),
        ("h2-q61-k40-d16-longformer8-g9", [Normal]),
        ("h2-q190-k190-d64-strided17", [Normal, OneHot, Climbing]),
        ("h4/2-q9-k400-d128-strided50", [Cancelling]),
        ("h2-q75-k40-d13-strided6", [Normal]),
        ("h2-q207-k207-d64-fixed32-c5", [Normal, OneHot]),
        ("h4/2-q80-k300-d40-fixed20-c1", [Peaked, Outliers]),
        ("h2-q66-k33-d16-fixed64-c64", [Normal]),
        // Values whose width differs from that of keys.
        ("h2-q65-k65-d64v40-causal", [Normal, OneHot]),
        ("h4/2-q1-k197-d96v128", [Peaked, Resonance]),
        ("h2-q50-k131-d40v1-window20", [Outliers]),
        ("h4/2-q37-k140-d13v72-longformer20-g5", [Normal]),
        // Token-major order.
        ("b2-h4/2-q67-k67-d64-causal-bshd", [Normal, OneHot]),
        ("b2-h8/2-q3-k200-d40-bshd", [Climbing]),
        ("h3-q70-k131-d72v24-window30+3-bshd", [Peaked]),
        // Parts of a longer sequence: queries after the keys, before them, among them, and far from the beginning.
        ("h2-q64@64-k64-d64-causal", [Normal, Climbing]),
        ("h2-q70@0-k50@40-d40-causal", [Outliers]),
        ("h4/2-q40@500-k131@400-d64-window90", [Peaked, Resonance]),
        ("h2-q60@90-k50@10-d24-causal-topleft", [Normal]),
        ("h4/2-q2@900-k150@700-d64-window120+0", [Normal]),
        ("h1-q33@1000000-k65@999990-d32-causal", [Constant]),
        // Scales other than the default.
        ("h2-q33-k47-d64-s0", [Normal]),
        // Equal and nearly equal weights over several blocks of keys, whose sums round alike.
        ("h1-q50-k700-d64-s0", [Normal]),
        ("h1-q50-k700-d64-s0.000000001", [Normal]),
        ("h1-q50-k700-d64-window512-s0", [Normal]),
        // The ends of float32.
        ("h2-q70-k70-d64-causal", [LargeValues]),
        ("h4/2-q60-k600-d40", [LargeValues]),
        ("h1-q50-k900-d64", [HugeValues, HugeScores, Faint]),
        ("h4/1-q1-k900-d64", [HugeValues, HugeScores, Faint]),
        ("h1-q50-k900-d64-window850+0", [HugeValues, HugeScores]),
        ("h1-q70-k70-d64-longnet32x1+64x2", [HugeValues, HugeScores]),
        // Batches, heads, groups and head dimensions that are no power of two.
        ("b5-h35/5-q17-k15-d2", [OneHot]),
        ("b3-h2-q19-k33-d100", [Normal]),
        ("b5-h7/1-q9-k40-d136-causal", [Normal]),
        ("h17-q20-k31-d160", [Peaked]),
        ("h33/11-q7-k29-d192", [Normal]),
        ("h15/3-q5-k77-d250-causal", [Normal]),
        // Many keys for few queries: counters of 11, 16 and 17 bits.
        ("h2-q3-k2049-d16", [Normal]),
        ("h1-q1-k131200-d2", [Normal]),
        ("h1-q2-k66000-d4-window65800+0", [Normal]),
        ("h2-q33-k47-d64-causal-s-0.125", [Resonance, Normal]),
        ("h2-q33-k47-d40-s1", [Peaked]),
        ("h2-q80-k80-d64-window9+4-s0.03", [Outliers]),
        // Layers: one of everything, widths with every kind of tail, grouped heads, masks, rows beyond one tile, and several sequences.
        ("h1-q1-k1-d2-m1-f1", [Normal]),
        ("b2-h3-q5-k5-d4-m7-f13", [Normal, Constant]),
        ("h2-q31-k31-d16-causal-m40-f90", [Peaked, Outliers]),
        ("b3-h4/2-q17-k17-d10-causal-m24-f100", [Normal]),
        ("h4/1-q70-k70-d32-m128-f65", [Cancelling, Normal]),
        ("h2-q131-k131-d24-window20+0-m48-f129", [Normal]),
        ("h6-q7-k7-d64-m384-f300", [Normal]),
        ("h2-q300-k300-d8-causal-m17-f33", [Constant]),
        // One more row than a square: images.
        ("b3-h2-q17-k17-d4-m33-f20", [Normal, Outliers]),
        ("h1-q50-k50-d16-m96-f10", [Normal, Cancelling, Constant]),
        ("b2-h3-q2-k2-d5-causal-m7-f3", [Normal]),
        ("h3-q197-k197-d4-m40-f5", [Normal, Outliers]),
        ("b2-h3-q26-k26-d3-m64-f50", [Normal, Peaked, Cancelling]),
        // Few rows of matrices that fit no second-level cache.
        ("h2-q3-k3-d64-m600-f1100", [Normal]),
        ("h4/2-q1-k9-d64-causal-m700-f1050", [Normal]),
        // Attention to other rows, and caches.
        ("b2-h3-q5-k11-d4-m7-f13", [Normal]),
        ("h4/2-q1-k40-d16-causal-m33-f70", [Peaked, Normal]),
        ("h2-q20-k6-d8-m16-f64", [Outliers]),
        ("b2-h4/2-q3-k130-d64-causal-m96-f200", [Normal, Cancelling]),
    ];

    // What a trained model attends with: its own shape, all layers and heads, and stretched to other ones. Layers have inputs of their own.
    private static readonly string[] captured =
        ["b6-h12-q16-k16-d32", "h12-q64-k64-d32", "b2-h4/2-q1-k512-d32", "h12-q128-k128-d32-causal", "h3-q70-k200-d64", "h4/2-q33-k600-d80-window100+20"];

    private static readonly string[] large =
    [
        "b2-h4/2-q197-k197-d64", "h2-q499-k499-d64-causal", "h2-q448-k1009-d64", "h4/1-q1-k4096-d128-causal",
        "h2-q1009-k1009-d80-window128", "h1-q1024-k1024-d256-causal", "h12-q197-k197-d64-m768-f3072",
        "h8/2-q1-k600-d128-causal-m1024-f1500", "h2-q600-k200-d96-causal", "h8/2-q257-k513-d128-causal-topleft",
    ];

    private static readonly string[] injected =
    [
        "h4/2-q70-k70-d40-causal", "h2-q19-k300-d64", "h2-q70-k70-d64-window12+3", "h3-q70-k70-d32-longnet20x1+40x2",
        "h8/2-q2-k300-d40-causal", "h2-q20-k20-d8-causal-m16-f40", "b2-h3-q5-k5-d4-m12-f30",
    ];

    /// <summary>The list for each seed (1 when none is given), and the cases with non-finite inputs.</summary>
    public static IReadOnlyList<GateCase> Of(GateDepth depth, params IReadOnlyList<int> seeds) =>
        [.. (seeds.Count > 0 ? seeds : [1]).SelectMany(seed => depth == GateDepth.Quick ? Quick(seed) : Full(seed)), .. NonFiniteCases()];

    /// <summary>The same, and cases of captured inputs where the references have them: a machine without a trained model has fewer cases.</summary>
    public static IReadOnlyList<GateCase> With(References references, GateDepth depth, params IReadOnlyList<int> seeds) => references.Captured is null
        ? Of(depth, seeds)
        :
        [
            .. Of(depth, seeds),
            .. from seed in seeds.Count > 0 ? seeds : [1]
               from each in (depth == GateDepth.Quick ? captured : [.. captured, .. quick.Select(line => line.Problem), .. large]).Index()
               let problem = ProblemName.Parse(each.Item)
               where problem is not LayerProblem
               // Each begins with another layer.
               select new GateCase(problem, Captured, seed + each.Index),
        ];

    private static IEnumerable<GateCase> Quick(int seed) =>
        quick.SelectMany(line => line.Families.Select(family => new GateCase(ProblemName.Parse(line.Problem), family, seed)));

    private static IEnumerable<GateCase> Full(int seed) =>
        quick.Select(line => line.Problem).Concat(large).SelectMany(problem =>
            InputFamilies.Seeded.Select(family => new GateCase(ProblemName.Parse(problem), family, seed)));

    private static IEnumerable<GateCase> NonFiniteCases() =>
        from problem in injected.Select(ProblemName.Parse)
        from operand in problem is LayerProblem ? (string[])["x", "c", "wv", "wk", "u", "du", "ids", "table", "image", "w", "positions", "dy"] : ["q", "k", "v"]
        from value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity]
        select new GateCase(problem, Normal, 1) { Injection = new NonFinite(operand, value) };
}
