using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that are wrong in a step of the backward pass of linear attention or retention.</summary>
internal static class WrongLinearGradients
{
    private const int Chunk = 48;

    public static IReadOnlyList<WrongKernel> Create(LinearBackward operation) =>
        [.. operation is LinearEluBackward ? Formulas(operation) : Decays(operation), .. Masks(operation), .. States(operation), .. Heads(operation)];

    private static IEnumerable<WrongKernel> Formulas(LinearBackward operation) =>
    [
        new(new ScalarLinearBackward(operation)
        {
            Name = "slope-one", Mistake = "takes 1 for the derivative of the feature map below zero too",
            Slope = _ => 1,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "slope-exponential", Mistake = "takes eˣ for the derivative of the feature map above zero too",
            Slope = Math.Exp,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "slope-is-feature", Mistake = "takes the feature map for its derivative",
            Slope = LinearEluReference.Feature,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "divisor-constant", Mistake = "treats the sum of the weights as a constant",
            RowSum = _ => 0,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "row-sum-added", Mistake = "adds the row sum instead of subtracting it",
            RowSum = sum => -sum,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "not-divided", Mistake = "does not divide by the sum of the weights",
            Divisor = _ => 1,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "divided-twice", Mistake = "divides by the square of the sum of the weights",
            Divisor = sum => sum * sum,
        }, Inaccurate, Infinite, FailureKind.NaN),
    ];

    private static IEnumerable<WrongKernel> Decays(LinearBackward operation) =>
    [
        new(new ScalarLinearBackward(operation)
        {
            Name = "no-decay-in-dk", Mistake = "does not decay dK",
            DistanceOfK = (_, _) => 0,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "decay-one-step-more", Mistake = "decays dQ by one step more",
            DistanceOfQ = (end, key) => end - key,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "decay-one-step-less", Mistake = "decays dV by one step less where a query sees the key from afar",
            DistanceOfV = (end, key) => Math.Max(0, end - 2 - key),
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "decay-by-chunks", Mistake = "decays dK by whole chunks alone",
            DistanceOfK = (end, key) => (end - 1) / Chunk * Chunk - key / Chunk * Chunk,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "decay-reversed", Mistake = "decays dV from the first key on",
            DistanceOfV = (_, key) => key,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "no-scale-in-dk", Mistake = "forgets the scale in dK",
            ScaleOfK = _ => 1,
        }, Inaccurate),
    ];

    private static IEnumerable<WrongKernel> Masks(LinearBackward operation) =>
    [
        new(new ScalarLinearBackward(operation)
        {
            Name = "hides-own-key", Mistake = "hides a query's own key in dQ",
            CountOfQ = (problem, query, key) => Sees(problem, query, problem.Mask is CausalMask ? key + 1 : key),
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "sees-next-key", Mistake = "adds to dK and dV of the key after the last that a query sees",
            CountOfK = (problem, query, key) => Sees(problem, query, Math.Max(0, key - 1)),
        }, Inaccurate, MaskedRowNotZero),
        new(new ScalarLinearBackward(operation)
        {
            Name = "unseen-keys-tiny", Mistake = "leaves 10⁻³⁰ in dK of keys that no query sees",
            Finish = row =>
            {
                if (Array.TrueForAll(row, number => number == 0))
                    Array.Fill(row, 1e-30);
            },
        }, MaskedRowNotZero, Inaccurate),
    ];

    private static IEnumerable<WrongKernel> States(LinearBackward operation) =>
    [
        new(new ScalarLinearBackward(operation)
        {
            Name = "wrong-direction", Mistake = "sums the state of dK and dV over the queries before a key instead of those that see it",
            CountOfK = (problem, query, key) => problem.Mask is CausalMask ? 1 - Sees(problem, query, Math.Max(0, key - 1)) : 1,
        }, Inaccurate, MaskedRowNotZero),
        new(new ScalarLinearBackward(operation)
        {
            Name = "last-state-dropped", Mistake = "forgets in dK and dV the queries of the last chunk of 48 beyond the first",
            CountOfK = (problem, query, key) => query >= Chunk && query / Chunk == (problem.Queries - 1) / Chunk ? 0 : Sees(problem, query, key),
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "first-state-dropped", Mistake = "forgets in dQ the first chunk of 48 keys where there are more",
            CountOfQ = (problem, query, key) => key < Chunk && problem.Keys > Chunk ? 0 : Sees(problem, query, key),
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "own-chunk-twice", Mistake = "adds the keys of a query's own chunk of 48 to the state before it reads dQ",
            CountOfQ = (problem, query, key) => Sees(problem, query, key) * (problem.Mask is CausalMask && query / Chunk == key / Chunk ? 2 : 1),
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "overwrites-dq", Mistake = "overwrites dQ with every chunk of 48 keys",
            AddsToQ = key => key % Chunk != 0,
        }, Inaccurate),
        new(new ScalarLinearBackward(operation)
        {
            Name = "transposed-state", Mistake = "reads the transposed state in dQ where keys and values are equally wide",
            Transposes = true,
        }, Inaccurate),
    ];

    private static IEnumerable<WrongKernel> Heads(LinearBackward operation) =>
    [
        new(new ScalarLinearBackward(operation)
        {
            Name = "group-summed-once", Mistake = "keeps dK and dV of the last head of a group",
            AddsHeads = false,
        }, Inaccurate),
    ];

    private static double Sees(AttentionProblem problem, int query, int key) => problem.VisibleKeys(query).Contains(key) ? 1 : 0;
}
