using Kernels.Abstractions;
using Kernels.Bench.Validation;
using Xunit;

namespace Kernels.Tests.Cuda;

[RunsOnce]
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
    public void Every_number_passes_the_gate(string shape) => AssertPasses(ProblemName.Parse(shape), InputFamily.Normal);

    [Theory]
    [InlineData(InputFamily.Peaked)]
    [InlineData(InputFamily.Resonance)]
    [InlineData(InputFamily.Outliers)]
    [InlineData(InputFamily.Cancelling)]
    [InlineData(InputFamily.Constant)]
    [InlineData(InputFamily.OneHot)]
    [InlineData(InputFamily.Climbing)]
    public void Awkward_inputs_pass_the_gate(InputFamily family)
    {
        AssertPasses(new(1, 2, 1, 70, 128, 64, AttentionMask.Causal), family);
        AssertPasses(new(1, 1, 1, 33, 97, 128), family);
    }

    [Theory]
    [InlineData(-0.125f)]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Any_scale_is_right(float scale) =>
        AssertPasses(new(1, 1, 1, 70, 90, 64, AttentionMask.Window(30, 4), scale), InputFamily.Normal);

    private static void AssertPasses(AttentionProblem problem, InputFamily family)
    {
        Verdict verdict = FloatCase.Judge(
            problem, family, inputs => new CudaRun(problem).FlashF32(inputs.Q.Span, inputs.K.Span, inputs.V.Span));

        Assert.True(verdict.Passed, verdict.Message);
    }
}
