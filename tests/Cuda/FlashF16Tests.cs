using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Bench.Validation;
using Xunit;

namespace Kernels.Tests.Cuda;

[RunsOnce]
public class FlashF16Tests
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
    [InlineData("b1-h1-q20-k300-d64")]
    [InlineData("b1-h1-q1-k1-d128")]
    [InlineData("b1-h1-q128-k128-d128")]
    [InlineData("b2-h3-q70-k70-d128-causal")]
    [InlineData("b1-h4/1-q33-k95-d128-window16")]
    public void Every_number_is_within_its_bound(string shape) => AssertRight(ProblemName.Parse(shape), InputFamily.Normal);

    [Theory]
    [InlineData(InputFamily.Peaked)]
    [InlineData(InputFamily.Resonance)]
    [InlineData(InputFamily.Outliers)]
    [InlineData(InputFamily.Cancelling)]
    [InlineData(InputFamily.Constant)]
    [InlineData(InputFamily.OneHot)]
    [InlineData(InputFamily.Climbing)]
    public void Awkward_inputs_are_within_their_bound(InputFamily family)
    {
        AssertRight(new(1, 2, 1, 70, 128, 64, AttentionMask.Causal), family);
        AssertRight(new(1, 1, 1, 33, 97, 128), family);
    }

    [Theory]
    [InlineData(-0.125f)]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Any_scale_is_right(float scale) =>
        AssertRight(new(1, 1, 1, 70, 90, 64, AttentionMask.Window(30, 4), scale), InputFamily.Normal);

    [Fact]
    public void The_interpreter_takes_less_than_a_second_for_128_tokens()
    {
        var problem = new AttentionProblem(1, 1, 1, 128, 128, 64);
        Half[] inputs = new Half[problem.QueryLength];
        var run = new CudaRun(problem);
        var watch = Stopwatch.StartNew();

        run.FlashF16(inputs, inputs, inputs);

        Assert.True(watch.Elapsed.TotalSeconds < 1, $"{watch.Elapsed.TotalSeconds:N2} s");
    }

    private static void AssertRight(AttentionProblem problem, InputFamily family)
    {
        (double overBound, double overExpected) = HalfCase.Errors(problem, family, CudaModule.Module);

        Assert.True(overBound <= 1, $"{problem}: an error is {overBound:N2} times its bound");
        Assert.True(overExpected <= 1, $"{problem}: the root mean square error is {overExpected:N2} times the largest expected");
    }
}
