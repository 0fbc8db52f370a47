using Kernels.Abstractions;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Cuda;

[RunsOnce]
public class DecodeTests
{
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
    [InlineData("b1-h2/1-q1-k1070-d128", 34)]
    [InlineData("b1-h1-q2-k2300-d64-causal", 40)]
    public void Every_number_passes_the_gate(string shape, int splits) =>
        FloatCase.AssertPasses("decode-f32", Operations.SoftmaxLse, ProblemName.Parse(shape), InputFamily.Normal, splits);

    [Theory]
    [InlineData("decode-f16", "b1-h1-q1-k1-d64", 1)]
    [InlineData("decode-f16", "b2-h4/2-q1-k100-d64-causal", 3)]
    [InlineData("decode-bf16", "b1-h8/1-q1-k290-d64", 1)]
    [InlineData("decode-f16", "b1-h12/1-q3-k128-d64-causal", 2)]
    [InlineData("decode-bf16", "b1-h2-q9-k70-d64-causal", 5)]
    [InlineData("decode-f16", "b1-h2/1-q5-k3-d64-causal", 2)]
    [InlineData("decode-bf16", "b1-h2-q4-k128-d64-window40", 2)]
    [InlineData("decode-f16", "b1-h4/2-q3@60-k100@16-d64-causal", 2)]
    [InlineData("decode-bf16", "b1-h2-q3@0-k70@2-d64-causal", 2)]
    [InlineData("decode-f16", "b1-h1-q2@500-k200@400-d64-window60", 3)]
    [InlineData("decode-f16", "b2-h6/2-q2-k65-d128-causal", 2)]
    [InlineData("decode-bf16", "b1-h32/1-q1-k170-d128", 1)]
    [InlineData("decode-f16", "b1-h2/1-q1-k1070-d128", 34)]
    public void Every_number_of_halves_is_within_its_bound(string kernel, string shape, int splits) =>
        BoundedCase.AssertRight(kernel, ProblemName.Parse(shape), InputFamily.Normal, splits);

    [Theory]
    [InlineData(InputFamily.Peaked)]
    [InlineData(InputFamily.Resonance)]
    [InlineData(InputFamily.Climbing)]
    [InlineData(InputFamily.OneHot)]
    public void Splits_with_very_different_maxima_are_joined_right(InputFamily family)
    {
        var problem = new AttentionProblem(1, 4, 2, 1, 200, 64);

        FloatCase.AssertPasses("decode-f32", Operations.SoftmaxLse, problem, family, splits: 3);
        BoundedCase.AssertRight("decode-f16", problem, family, splits: 3);
    }

    [Theory]
    [InlineData(-0.125f)]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Any_scale_is_right(float scale)
    {
        var problem = new AttentionProblem(1, 2, 1, 3, 90, 64, AttentionMask.Window(60, 1), scale);

        FloatCase.AssertPasses("decode-f32", Operations.SoftmaxLse, problem, InputFamily.Normal);
        BoundedCase.AssertRight("decode-bf16", problem, InputFamily.Normal);
    }
}
