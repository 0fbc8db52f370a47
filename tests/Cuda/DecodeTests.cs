using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Cuda;

[RunsOnce]
public class DecodeTests
{
    private static readonly InterpretedKernel kernel = InterpretedKernel.Of("decode-f32");

    [Theory]
    [InlineData("b1-h1-q1-k1-d64", 1)]
    [InlineData("b1-h1-q1-k128-d64-causal", 2)]
    [InlineData("b2-h4/2-q1-k100-d64-causal", 3)]
    [InlineData("b1-h8/1-q1-k90-d64", 2)]
    [InlineData("b1-h12/1-q3-k128-d64-causal", 2)]
    [InlineData("b1-h2-q9-k70-d64-causal", 5)]
    [InlineData("b1-h2/1-q5-k3-d64-causal", 2)]
    [InlineData("b1-h2-q4-k128-d64-window40", 2)]
    [InlineData("b1-h1-q1-k300-d64", 4)]
    [InlineData("b1-h4/2-q3@60-k100@16-d64-causal", 2)]
    [InlineData("b1-h2-q3@0-k70@2-d64-causal", 2)]
    [InlineData("b1-h1-q2@500-k200@400-d64-window60", 3)]
    [InlineData("b1-h1-q1-k128-d128-causal", 4)]
    [InlineData("b2-h6/2-q2-k65-d128-causal", 2)]
    [InlineData("b1-h4/1-q2-k33-d128", 1)]
    public void Every_number_passes_the_gate(string shape, int splits)
    {
        AttentionProblem problem = ProblemName.Parse(shape);

        Verdict verdict = FloatCase.Judge(
            problem, InputFamily.Normal, inputs => new CudaRun(kernel, problem) { Splits = splits }.Outputs(inputs));

        Assert.True(verdict.Passed, verdict.Message);
    }

    [Theory]
    [InlineData(InputFamily.Peaked)]
    [InlineData(InputFamily.Resonance)]
    [InlineData(InputFamily.Climbing)]
    [InlineData(InputFamily.OneHot)]
    public void Splits_with_very_different_maxima_are_joined_right(InputFamily family)
    {
        var problem = new AttentionProblem(1, 4, 2, 1, 200, 64);

        Verdict verdict = FloatCase.Judge(
            problem, family, inputs => new CudaRun(kernel, problem) { Splits = 3 }.Outputs(inputs));

        Assert.True(verdict.Passed, verdict.Message);
    }
}
