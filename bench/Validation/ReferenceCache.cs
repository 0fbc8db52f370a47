using System.Collections.Concurrent;
using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>Inputs and oracle results by case, so that they are computed once for all kernels.</summary>
public sealed class ReferenceCache : IDisposable
{
    private readonly ConcurrentDictionary<GateCase, Lazy<AttentionInputs>> inputs = new();
    private readonly ConcurrentDictionary<(GateCase, Definition, Precision), Lazy<Expectation>> references = new();

    /// <summary>The inputs of a case.</summary>
    public AttentionInputs Inputs(GateCase gateCase) => inputs.GetOrAdd(gateCase, key => new(() => Create(key))).Value;

    /// <summary>The oracle's results of a case.</summary>
    public Expectation Reference(GateCase gateCase, Definition definition, Precision precision = Precision.Single) =>
        references.GetOrAdd((gateCase, definition, precision), key => new(() => Compute(key.Item1, key.Item2, key.Item3))).Value;

    /// <summary>Frees the inputs.</summary>
    public void Dispose()
    {
        foreach (Lazy<AttentionInputs> created in inputs.Values)
        {
            if (created.IsValueCreated)
                created.Value.Dispose();
        }
    }

    private Expectation Compute(GateCase gateCase, Definition definition, Precision precision) =>
        Validation.Expectation.Compute(
            definition, gateCase.Problem, Inputs(gateCase), ReferenceRows.Choose(gateCase.Problem, gateCase.Seed), precision);

    private static AttentionInputs Create(GateCase gateCase)
    {
        AttentionInputs created = AttentionInputs.Create(gateCase.Problem, gateCase.Inputs, gateCase.Seed);
        gateCase.Injection?.Apply(created);
        return created;
    }
}
