using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>The prefill kernels on tensor cores, of both formats of 16 bits and of both kinds of product.</summary>
[RunsOnce]
public class FlashHalfTests
{
    public static TheoryData<string, string> Shapes => InterpretedCases.OfKernels(["f16", "bf16", "wgmma-f16", "wgmma-bf16"], InterpretedCases.Shapes);

    public static TheoryData<string, InputFamily> Families => InterpretedCases.OfKernels(["f16", "bf16", "wgmma-f16", "wgmma-bf16"], InterpretedCases.Families);

    public static TheoryData<string, float> Scales => InterpretedCases.OfKernels(["f16", "bf16", "wgmma-f16", "wgmma-bf16"], InterpretedCases.Scales);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_number_is_within_its_bound(string kernel, string shape) =>
        BoundedCase.AssertRight(kernel, ProblemName.Parse(shape), InputFamily.Normal);

    [Theory]
    [MemberData(nameof(Families))]
    public void Awkward_inputs_are_within_their_bound(string kernel, InputFamily family)
    {
        BoundedCase.AssertRight(kernel, new(1, 2, 1, 70, 128, 64, AttentionMask.Causal), family);
        BoundedCase.AssertRight(kernel, new(1, 1, 1, 33, 97, 128), family);
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void Any_scale_is_right(string kernel, float scale) =>
        BoundedCase.AssertRight(kernel, new(1, 1, 1, 70, 90, 64, AttentionMask.Window(30, 4), scale), InputFamily.Normal);

    /// <summary>The entries whose text differs between the targets, as devices other than those of compute capability 9.0 run them.</summary>
    [Theory]
    [InlineData("f16", "b1-h4/2-q63-k127-d64-causal")]
    [InlineData("f16", "b1-h1-q40-k90-d128-window10+3")]
    [InlineData("bf16", "b1-h2/1-q100-k113-d64-window20")]
    [InlineData("bf16", "b1-h2-q70-k70-d128-causal")]
    public void The_other_target_is_right_too(string kernel, string shape)
    {
        (double overBound, double overExpected) =
            BoundedCase.Errors(InterpretedKernel.Of(kernel), ProblemName.Parse(shape), InputFamily.Normal, PtxModule.Parse(CudaSource.Ptx("sm_80")));

        Assert.InRange(Math.Max(overBound, overExpected), 0, 1);
    }

    [Theory]
    [InlineData("f16")]
    [InlineData("wgmma-f16")]
    public void The_interpreter_takes_less_than_a_second_for_128_tokens(string kernel)
    {
        var problem = new AttentionProblem(1, 1, 1, 128, 128, 64);
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        var run = new CudaRun(InterpretedKernel.Of(kernel), problem);
        var watch = Stopwatch.StartNew();

        run.Outputs(inputs);

        Assert.True(watch.Elapsed.TotalSeconds < 1, $"{watch.Elapsed.TotalSeconds:N2} s");
    }
}
