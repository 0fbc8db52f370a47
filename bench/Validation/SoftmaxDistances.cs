using System.Collections.Concurrent;
using Kernels.Abstractions;
using Kernels.Bench.Results;
using Kernels.Reference;

namespace Kernels.Bench.Validation;

/// <summary>
/// How the distance of a definition from softmax attention depends on the inputs and grows with the number of keys: a few queries that see
/// all keys, by the oracles of both.
/// </summary>
internal static class SoftmaxDistances
{
    private const int Queries = 16, HeadDim = 64, Seed = 1;

    private static readonly int[] lengths = [64, 256, 1024];

    // Nothing here depends on a run.
    private static readonly ConcurrentDictionary<Definition, IReadOnlyList<SoftmaxDistance>> known = new();

    /// <summary>By input family and length; null for softmax attention itself.</summary>
    public static IReadOnlyList<SoftmaxDistance>? Of(Definition definition) =>
        definition == Definition.Softmax ? null : known.GetOrAdd(definition, Measure);

    private static IReadOnlyList<SoftmaxDistance> Measure(Definition definition)
    {
        (InputFamily Family, int Keys)[] cases =
            [.. from family in Enum.GetValues<InputFamily>() from keys in lengths select (family, keys)];
        var distances = new SoftmaxDistance[cases.Length];
        Parallel.For(0, cases.Length, i => distances[i] = Measure(definition, cases[i].Family, cases[i].Keys));
        return distances;
    }

    private static SoftmaxDistance Measure(Definition definition, InputFamily family, int keys)
    {
        var problem = new AttentionProblem(1, 1, 1, Queries, keys, HeadDim);
        using AttentionInputs inputs = AttentionInputs.Create(problem, family, Seed);
        double[] own = Rows(definition, inputs), softmax = Rows(Definition.Softmax, inputs);
        double difference = 0, ownSquares = 0, softmaxSquares = 0, product = 0;
        for (int i = 0; i < own.Length; i++)
        {
            difference += (own[i] - softmax[i]) * (own[i] - softmax[i]);
            ownSquares += own[i] * own[i];
            softmaxSquares += softmax[i] * softmax[i];
            product += own[i] * softmax[i];
        }
        return new(
            family.ToString().ToLowerInvariant(), keys, Math.Sqrt(difference / softmaxSquares), product / Math.Sqrt(ownSquares * softmaxSquares));
    }

    private static double[] Rows(Definition definition, AttentionInputs inputs)
    {
        double[] rows = new double[Queries * HeadDim];
        int[] queries = [.. Enumerable.Range(0, Queries)];
        Oracle.Rows(definition, inputs.Problem, 0, queries, inputs.Q.Span, inputs.K.Span, inputs.V.Span, rows);
        return rows;
    }
}
