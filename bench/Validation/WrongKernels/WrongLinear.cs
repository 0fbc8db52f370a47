using Kernels.Abstractions;
using static Kernels.Bench.Validation.FailureKind;

namespace Kernels.Bench.Validation.WrongKernels;

/// <summary>Linear, low-rank and top-k kernels that are wrong in what only they have: a state, random numbers, a choice of keys.</summary>
internal static class WrongLinear
{
    private const int Chunk = 64;

    public static IReadOnlyList<WrongKernel> Create() =>
    [
        new(new ScalarState(Definition.Retention)
        {
            Name = "no-decay", Mistake = "retention whose state is not decayed",
            Decay = (_, _) => 1,
        }, Inaccurate),
        new(new ScalarState(Definition.Retention)
        {
            Name = "decay-by-query-head", Mistake = "retention with the decay of the query head instead of the kv head",
            Decay = (_, head) => Definition.Retention.Decay(head),
        }, Inaccurate),
        new(new OtherDefinition(
            "decay-of-next-head", "retention whose heads have the decay of the next one", Definition.Retention,
            new RetentionDefinition(Definition.Retention.FirstExponent + 1)), Inaccurate),
        new(new ScalarState(Definition.LinearElu)
        {
            Name = "chunk-boundary-dropped", Mistake = "linear attention that forgets the last key of each chunk of 64",
            Drops = key => key % Chunk == Chunk - 1,
        }, Inaccurate),
        new(new ScalarState(Definition.LinearElu)
        {
            Name = "linear-no-division", Mistake = "linear attention that is not divided by the sum of its weights",
            Divides = false,
        }, Inaccurate),
        new(new ScalarState(Definition.Delta)
        {
            Name = "delta-no-subtraction", Mistake = "the delta rule without the subtraction: keys add to what is stored",
            Subtracts = false,
        }, Inaccurate),
        new(new ScalarState(Definition.Delta)
        {
            Name = "delta-long-keys", Mistake = "the delta rule without unit keys and queries",
            Feature = row => row,
        }, Inaccurate, FailureKind.NaN, Infinite),
        new(new ScalarState(Definition.Delta)
        {
            Name = "delta-chunk-boundary-dropped", Mistake = "the delta rule that forgets the last key of each chunk of 64",
            Drops = key => key % Chunk == Chunk - 1,
        }, Inaccurate),
        new(new OtherDefinition(
            "favor-other-seed", "random features drawn from another seed", Definition.Favor,
            new FavorDefinition(Definition.Favor.Features, Definition.Favor.Seed + 1)), Inaccurate),
        new(new OtherDefinition(
            "favor-not-orthogonal", "random features that are not orthogonal", Definition.Favor,
            new FavorDefinition(Definition.Favor.Features, Definition.Favor.Seed, orthogonal: false)), Inaccurate),
        new(new OtherDefinition(
            "favor-fewer-features", "forgets the last 16 random features", Definition.Favor,
            new FavorDefinition(Definition.Favor.Features - 16, Definition.Favor.Seed)), Inaccurate),
        new(new OtherDefinition(
            "linformer-other-seed", "keys and values projected with another seed", Definition.Linformer,
            new LinformerDefinition(Definition.Linformer.Length, Definition.Linformer.Seed + 1)), Inaccurate),
        new(new OtherDefinition(
            "top-k-minus-one", "keeps one key less than it should", Definition.TopK, new TopKDefinition(Definition.TopK.Count - 1)), Inaccurate),
        new(new OtherDefinition(
            "top-k-all", "keeps all keys", Definition.TopK, new TopKDefinition(int.MaxValue)), Inaccurate),
    ];
}
