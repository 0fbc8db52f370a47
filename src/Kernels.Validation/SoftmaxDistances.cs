using System.Collections.Concurrent;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>
/// Distance of an operation from softmax attention by input family and number of keys, for a few queries that see all keys, between the
/// gold of both.
/// </summary>
internal static class SoftmaxDistances
{
    private const int Queries = 16, HeadDim = 64, Seed = 1;

    private static readonly int[] lengths = [64, 256, 1024];

    // The distances do not depend on the run.
    private static readonly ConcurrentDictionary<(Operation, Lazy<CapturedHeads>?), IReadOnlyList<SoftmaxDistance>> known = new();

    /// <summary>By input family and length; null for softmax attention itself.</summary>
    public static IReadOnlyList<SoftmaxDistance>? Of(Operation operation, ReferenceCache cache) =>
        operation is SoftmaxAttention or not AttentionOperation || operation.IsGradient ? null : known.GetOrAdd(
            (operation, cache.Reference(operation).Captured), each => Measure(cache.Reference(each.Item1), cache.Reference(Operations.Softmax)));

    private static IReadOnlyList<SoftmaxDistance> Measure(OperationReference own, OperationReference softmax)
    {
        (InputFamily Family, int Keys)[] cases =
            [.. from family in own.Families(Element.Float32) from keys in lengths select (family, keys)];
        var distances = new SoftmaxDistance[cases.Length];
        Parallel.For(0, cases.Length, i => distances[i] = Measure(own, softmax, cases[i].Family, cases[i].Keys));
        return distances;
    }

    private static SoftmaxDistance Measure(OperationReference ownReference, OperationReference softmaxReference, InputFamily family, int keys)
    {
        var problem = new AttentionProblem(1, 1, 1, Queries, keys, HeadDim);
        using Inputs inputs = AttentionInputs.Create(problem, family, Seed, softmaxReference.Captured);
        double[] own = Rows(ownReference, inputs), softmax = Rows(softmaxReference, inputs);
        double difference = 0, ownSquares = 0, softmaxSquares = 0, product = 0;
        for (int i = 0; i < own.Length; i++)
        {
            difference += (own[i] - softmax[i]) * (own[i] - softmax[i]);
            ownSquares += own[i] * own[i];
            softmaxSquares += softmax[i] * softmax[i];
            product += own[i] * softmax[i];
        }
        return new(
            family.Text(), keys, Math.Sqrt(difference / softmaxSquares), product / Math.Sqrt(ownSquares * softmaxSquares));
    }

    private static double[] Rows(OperationReference reference, Inputs inputs)
    {
        double[] rows = new double[Queries * HeadDim];
        reference.Gold(inputs, new(0, 0, [.. Enumerable.Range(0, Queries)]), rows);
        return rows;
    }
}
