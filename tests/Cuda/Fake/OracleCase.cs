using Kernels.Abstractions;
using Kernels.Bench.Validation;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>One call of a kernel on seeded inputs, judged by the gate's rule.</summary>
internal static class OracleCase
{
    public static void AssertRight(AttentionKernel kernel, AttentionProblem problem)
    {
        using AttentionInputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        float[] output = Run(kernel, problem, inputs);
        Verdict verdict = Gate.Compare(
            kernel, problem, Expectation.Compute(kernel.Info.Definition, problem, inputs, ReferenceRows.All(problem), kernel.Info.Precision), output);
        Assert.True(verdict.Passed, verdict.Message);
    }

    public static float[] Run(AttentionKernel kernel, AttentionProblem problem, AttentionInputs inputs)
    {
        float[] output = new float[problem.QueryLength];
        Array.Fill(output, float.NaN);
        kernel.Forward(problem, inputs.Q.Span, inputs.K.Span, inputs.V.Span, output, []);
        return output;
    }
}
