using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Tests;

/// <summary>What is expected of an operation on inputs of a test, and what the gate says of an output.</summary>
internal static class Expected
{
    /// <summary>All rows of each output, or some of the only group.</summary>
    public static Expectation Of(Operation operation, Inputs inputs, ReferenceRows? rows = null, Element products = Element.Float32)
    {
        OperationReference reference = References.Suite.Of(operation);
        return Expectation.Compute(reference, inputs, rows is null ? ReferenceRows.All(reference, inputs.Problem) : [rows], products);
    }

    /// <summary>Compares an output o that was computed elsewhere.</summary>
    public static Verdict Judge(this Kernel kernel, Expectation expectation, float[] output) =>
        Gate.Compare(kernel, expectation, [null, null, null, output]);
}
