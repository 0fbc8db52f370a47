using Kernels.Abstractions;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Cuda;

[RunsOnce]
public class FlashF32Tests
{
    [Theory]
    [MemberData(nameof(InterpretedCases.Shapes), MemberType = typeof(InterpretedCases))]
    public void Every_number_passes_the_gate(string shape) => AssertPasses(ProblemName.Parse(shape), InputFamily.Normal);

    [Theory]
    [MemberData(nameof(InterpretedCases.Families), MemberType = typeof(InterpretedCases))]
    public void Awkward_inputs_pass_the_gate(InputFamily family)
    {
        AssertPasses(new(1, 2, 1, 70, 128, 64, AttentionMask.Causal), family);
        AssertPasses(new(1, 1, 1, 33, 97, 128), family);
    }

    [Theory]
    [MemberData(nameof(InterpretedCases.Scales), MemberType = typeof(InterpretedCases))]
    public void Any_scale_is_right(float scale) =>
        AssertPasses(new(1, 1, 1, 70, 90, 64, AttentionMask.Window(30, 4), scale), InputFamily.Normal);

    // With the log-sum-exps, of which the outputs are the same: StepTests compares them.
    private static void AssertPasses(AttentionProblem problem, InputFamily family) =>
        FloatCase.AssertPasses("f32", Operations.SoftmaxLse, problem, family);
}
