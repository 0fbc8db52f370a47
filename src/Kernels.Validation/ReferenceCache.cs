using System.Collections.Concurrent;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>Inputs and expectations by case, computed once for all kernels.</summary>
/// <param name="references">The references of the operations; those of this suite when null.</param>
public sealed class ReferenceCache(References? references = null) : IDisposable
{
    private readonly References references = references ?? References.Suite;
    private readonly ConcurrentDictionary<(GateCase, string Set, Element), Lazy<Inputs>> inputs = new();
    private readonly ConcurrentDictionary<ExpectationKey, Lazy<Expectation>> expectations = new();

    /// <summary>Errors of plain float32 of another process; null where all are computed.</summary>
    internal IKeptErrors? Kept { get; init; }

    /// <summary>The expectation of a kernel's operation, in its formats.</summary>
    /// <exception cref="ReferenceException">The reference contradicts itself or threw.</exception>
    public Expectation Expectation(GateCase gateCase, KernelInfo kernel) =>
        Expectation(gateCase, kernel.Operation, kernel.Format.Input, kernel.Products);

    /// <summary>The inputs of a kernel, rounded to its format.</summary>
    public Inputs Inputs(GateCase gateCase, KernelInfo kernel) => Inputs(gateCase, references.Of(kernel.Operation), kernel.Format.Input);

    /// <summary>The expectation of an operation.</summary>
    /// <exception cref="ReferenceException">The reference contradicts itself or threw.</exception>
    public Expectation Expectation(
        GateCase gateCase, Operation operation, Element input = Element.Float32, Element products = Element.Float32) =>
        expectations.GetOrAdd(new(gateCase, operation, input, products), key => new(() => Compute(key, references.Of(key.Operation)))).Value;

    /// <summary>The reference of an operation.</summary>
    public OperationReference Reference(Operation operation) => references.Of(operation);

    /// <summary>Frees the inputs.</summary>
    public void Dispose()
    {
        foreach (Lazy<Inputs> created in inputs.Values)
        {
            if (created.IsValueCreated)
                created.Value.Dispose();
        }
    }

    private Expectation Compute(ExpectationKey key, OperationReference reference) =>
        ReferenceException.Guard(reference, key.Case.Problem, () =>
        {
            ReferenceRows[] rows =
                [.. Enumerable.Range(0, reference.Operation.OutputGroups.Count)
                    .Select(group => ReferenceRows.Choose(reference, key.Case.Problem, group, key.Case.Seed))];
            IReadOnlyList<PlainErrors>? known = Kept?.Find(key);
            var computed = Validation.Expectation.ComputeGroups(reference, Inputs(key.Case, reference, key.Input), rows, key.Products, known);
            if (known is null)
                Kept?.Add(key, [.. computed.Outputs.Select(output => output.Plain)]);
            return computed;
        });

    private Inputs Inputs(GateCase gateCase, OperationReference reference, Element element) =>
        inputs.GetOrAdd((gateCase, reference.InputSet, element), key => new(() => Create(key.Item1, reference, key.Item3))).Value;

    private Inputs Create(GateCase gateCase, OperationReference reference, Element element)
    {
        if (element != Element.Float32)
            return Inputs(gateCase, reference, Element.Float32).RoundedTo(element);
        Inputs created = reference.CreateInputs(gateCase.Problem, gateCase.Inputs, gateCase.Seed);
        gateCase.Injection?.Apply(created);
        return created;
    }
}
