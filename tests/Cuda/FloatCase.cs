using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>
/// A problem with seeded inputs, whose outputs the gate's rule judges: for float32 twice the error of plain float32, with no allowance for the approximate
/// exponential.
/// </summary>
internal static class FloatCase
{
    /// <summary>Every output of an operation passes, in float32 or rounded to the type of the inputs.</summary>
    public static void AssertPasses(string name, Operation operation, AttentionProblem problem, InputFamily family, int splits = 2, bool rounds = false)
    {
        InterpretedKernel kernel = InterpretedKernel.Of(name);
        OperationReference reference = References.Suite.Of(operation);
        KernelInfo info = new($"flash-cuda-{name}", "attention on a GPU", operation)
        {
            Format = new(kernel.Element, rounds ? kernel.Element : Element.Float32),
            Products = kernel.Element,
        };
        using Inputs created = reference.CreateInputs(problem, family, seed: 1), inputs = created.RoundedTo(kernel.Element);
        var run = new CudaRun(kernel, problem) { Splits = splits, Rounds = rounds };
        CudaRows rows = operation is SoftmaxStep ? run.Join(inputs, new(inputs["o"].ToArray(), inputs["lse"].ToArray()))
            : operation is SoftmaxLse ? run.Rows(inputs)
            : new(run.Outputs(inputs), []);
        var expectation = Expectation.Compute(reference, inputs, ReferenceRows.All(reference, problem), info.Products);
        foreach (OutputExpectation output in expectation.Outputs)
        {
            Verdict verdict = OutputCheck.Run(info, expectation, output, output.Place == AttentionOperation.Lse ? rows.Lse : rows.Output);
            Assert.True(verdict.Passed, $"{name}, {operation} of {problem}, {output.Operand.Name}: {verdict.Message}");
        }
    }
}
