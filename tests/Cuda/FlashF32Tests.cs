using Kernels.Abstractions;
using Kernels.Bench.Validation;
using Xunit;

namespace Kernels.Tests.Cuda;

public class FlashF32Tests
{
    [Theory]
    [InlineData("b1-h1-q1-k1-d64")]
    [InlineData("b1-h1-q128-k128-d64")]
    [InlineData("b1-h1-q128-k128-d64-causal")]
    [InlineData("b2-h2-q65-k65-d64-causal")]
    [InlineData("b1-h4/2-q63-k127-d64-causal")]
    [InlineData("b1-h2-q127-k50-d64-causal")]
    [InlineData("b1-h1-q97-k64-d64-causal-topleft")]
    [InlineData("b1-h2/1-q100-k113-d64-window20")]
    [InlineData("b1-h1-q128-k128-d64-window31+0")]
    [InlineData("b1-h1-q128-k40-d64-window5+2")]
    [InlineData("b1-h1-q1-k1-d128")]
    [InlineData("b1-h1-q128-k128-d128")]
    [InlineData("b2-h3-q70-k70-d128-causal")]
    [InlineData("b1-h4/1-q33-k95-d128-window16")]
    public void Every_number_passes_the_gate(string shape)
    {
        AttentionProblem problem = ProblemName.Parse(shape);

        Verdict verdict = FloatCase.Judge(
            problem, InputFamily.Normal, inputs => new CudaRun(problem).FlashF32(inputs.Q.Span, inputs.K.Span, inputs.V.Span));

        Assert.True(verdict.Passed, verdict.Message);
    }
}
