using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>One call of a kernel on seeded inputs, judged by the gate's rule.</summary>
internal static class OracleCase
{
    public static void AssertRight(Kernel kernel, AttentionProblem problem)
    {
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        float[] output = Run(kernel, problem, inputs);
        using Inputs rounded = inputs.RoundedTo(kernel.Info.Format.Input);
        Verdict verdict = Gate.Compare(kernel, Expect(kernel, rounded), [null, null, null, output]);
        Assert.True(verdict.Passed, verdict.Message);
    }

    /// <summary>What is expected of a kernel on inputs that have its format.</summary>
    public static Expectation Expect(Kernel kernel, Inputs inputs)
    {
        OperationReference reference = References.Suite.Of(kernel.Info.Operation);
        return Expectation.Compute(reference, inputs, ReferenceRows.All(reference, inputs.Problem), kernel.Info.Products);
    }

    public static float[] Run(Kernel kernel, AttentionProblem problem, Inputs inputs)
    {
        float[] output = new float[problem.QueryLength];
        kernel.Forward(problem, inputs["q"], inputs["k"], inputs["v"], output);
        return output;
    }
}
