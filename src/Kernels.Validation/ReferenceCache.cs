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
    private readonly ConcurrentDictionary<(GateCase, Operation, Element Input, Element Products), Lazy<Expectation>> expectations = new();

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
        expectations.GetOrAdd(
            (gateCase, operation, input, products),
            key => new(() => Compute(key.Item1, references.Of(key.Item2), key.Input, key.Products))).Value;

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

    private Expectation Compute(GateCase gateCase, OperationReference reference, Element input, Element products) =>
        ReferenceException.Guard(reference, gateCase.Problem, () =>
        {
            ReferenceRows[] rows =
                [.. Enumerable.Range(0, reference.Operation.OutputGroups.Count).Select(group => ReferenceRows.Choose(reference, gateCase.Problem, group, gateCase.Seed))];
            return Validation.Expectation.ComputeGroups(reference, Inputs(gateCase, reference, input), rows, products);
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
