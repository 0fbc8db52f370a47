using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>The gradients of the interpreted kernel, judged by the gate's rule.</summary>
[RunsOnce]
public class BackwardTests
{
    [Theory]
    [InlineData("b1-h1-q1-k1-d64")]
    [InlineData("b1-h1-q64-k64-d64")]
    [InlineData("b2-h2-q65-k65-d64-causal")]
    [InlineData("b1-h4/2-q63-k127-d64-causal")]
    [InlineData("b1-h2-q90-k50-d64-causal")]
    [InlineData("b1-h1-q97-k64-d64-causal-topleft")]
    [InlineData("b1-h2/1-q70-k90-d64-window20")]
    [InlineData("b1-h1-q100-k40-d64-window5+2")]
    [InlineData("b1-h1-q20-k200-d64")]
    [InlineData("b1-h2-q70@40-k60@10-d64-causal")]
    [InlineData("b1-h1-q40@-8-k50-d64-causal")]
    [InlineData("b1-h1-q33@7-k70@90-d64-causal-topleft")]
    [InlineData("b1-h1-q20@0-k30@64-d64-causal")]
    [InlineData("b1-h1-q1-k1-d128")]
    [InlineData("b1-h1-q64-k64-d128")]
    [InlineData("b2-h3-q40-k40-d128-causal")]
    [InlineData("b1-h4/1-q33-k65-d128-window16")]
    [InlineData("b1-h1-q40@2000000000-k60@1999999960-d128-window10+3")]
    public void Every_number_passes_the_gate(string shape) => AssertPasses(ProblemName.Parse(shape), InputFamily.Normal);

    private static void AssertPasses(AttentionProblem problem, InputFamily family)
    {
        OperationReference reference = References.Suite.Of(Operations.SoftmaxBackward);
        using Inputs inputs = reference.CreateInputs(problem, family, seed: 1);
        float[][] gradients = new BackwardRun(problem).Gradients(inputs);
        var info = new KernelInfo("flash-cuda-backward-f32", "attention on a GPU", Operations.SoftmaxBackward);
        var expectation = Expectation.Compute(reference, inputs, ReferenceRows.All(reference, problem), info.Products);
        foreach (OutputExpectation output in expectation.Outputs)
        {
            Verdict verdict = OutputCheck.Run(info, expectation, output, gradients[output.Place - SoftmaxBackward.GradQ]);
            Assert.True(verdict.Passed, $"{problem}, {output.Operand.Name}: {verdict.Message}");
        }
    }
}
