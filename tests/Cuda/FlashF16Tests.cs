using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Cuda;

[RunsOnce]
public class FlashF16Tests
{
    [Theory]
    [MemberData(nameof(InterpretedCases.Shapes), MemberType = typeof(InterpretedCases))]
    public void Every_number_is_within_its_bound(string shape) => AssertRight(ProblemName.Parse(shape), InputFamily.Normal);

    [Theory]
    [MemberData(nameof(InterpretedCases.Families), MemberType = typeof(InterpretedCases))]
    public void Awkward_inputs_are_within_their_bound(InputFamily family)
    {
        AssertRight(new(1, 2, 1, 70, 128, 64, AttentionMask.Causal), family);
        AssertRight(new(1, 1, 1, 33, 97, 128), family);
    }

    [Theory]
    [MemberData(nameof(InterpretedCases.Scales), MemberType = typeof(InterpretedCases))]
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
