using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>Every kernel of softmax attention through the gate. Tests of one class run one after the other, of two side by side.</summary>
public sealed class SoftmaxGateTests(GateCache cache)
{
    public static TheoryData<string> Names => KernelNames.Where(kernel => kernel.Info.Operation is SoftmaxAttention);

    [Theory]
    [MemberData(nameof(Names))]
    public void Passes_every_case_that_it_takes(string name) => GateTests.RequirePass(name, cache);
}

/// <summary>Every kernel of another operation through the gate.</summary>
public sealed class GateTests(GateCache cache)
{
    public static TheoryData<string> Names => KernelNames.Where(kernel => kernel.Info.Operation is not SoftmaxAttention);

    [Theory]
    [MemberData(nameof(Names))]
    public void Passes_every_case_that_it_takes(string name) => RequirePass(name, cache);

    /// <summary>Problems of the gate are too small for it.</summary>
    [Fact]
    public void A_layer_copies_keys_whose_rows_are_far_apart()
    {
        Kernel layer = KernelNames.Find("layers-tiled-multi-head");
        Problem far = ProblemName.Parse("b2-h16-q1600-k1600-d64-window20+5-m8-f4"), near = ProblemName.Parse("b2-h16-q1500-k1500-d64-window20+5-m8-f4");

        Assert.Equal(layer.Plan(near).Stages.Length + 2, layer.Plan(far).Stages.Length);
        GateResult result = GateRun.Validate(layer, new GateOptions { Cases = [new GateCase(far, InputFamily.Normal, 1)], Cache = cache.References });
        Assert.True(result.Failure is null, result.Failure);
        Assert.Equal(1, result.Passed);
    }

    /// <summary>Layers of the list have softmax within, but for two.</summary>
    [Theory]
    [InlineData("layers-tiled-multi-head+naive-alibi")]
    [InlineData("layers-tiled-llama-layer-cached+naive-alibi")]
    [InlineData("layers-tiled-multi-head+linear-elu-chunked")]
    [InlineData("layers-tiled-decoder-layer+linear-elu-chunked")]
    public void A_layer_around_other_attention_passes_too(string name)
    {
        GateResult result = GateRun.Validate(KernelSelection.One(name), cache.Quick);
        Assert.True(result.Failure is null, result.Failure);
        Assert.True(result.Passed > 20);
    }

    internal static void RequirePass(string name, GateCache cache)
    {
        Kernel kernel = KernelNames.Available(name);
        GateOptions gate = kernel.Backend is { IsEmulated: true } ? SmallerHalf(cache.Quick) : cache.Quick;
        GateResult result = GateRun.Validate(kernel, gate);
        Assert.True(result.Failure is null, result.Failure);
        int own = gate.Cases.Count(each => kernel.Info.Operation.IsFor(each.Problem));
        Assert.Equal(own, result.Passed + result.Refused);
        // Of images there are few.
        Assert.True(result.Passed > (kernel.Info.Operation is Patches ? 8 : 20), $"{name} takes only {result.Passed} of {own} cases.");
        bool isSoftmax = kernel.Info is { Operation: SoftmaxAttention, Products: Element.Float32 } && kernel.Info.Format == Format.Float32;
        Assert.Equal(isSoftmax || kernel.Info.Operation is LayerOperation or { IsGradient: true }, result.DeviationFromSoftmax is null);
    }

    // An emulator is a thread for each thread of a group: the larger half would take as long as all other tests. What other numbers do, IlgpuPtxTests shows.
    private static GateOptions SmallerHalf(GateOptions all) => new()
    {
        Cases =
        [
            .. all.Cases.Where(each => each.Problem is not LayerProblem)
                .OrderBy(each => ((AttentionProblem)each.Problem).CountVisiblePairs() * ((AttentionProblem)each.Problem).HeadDim).Take(all.Cases.Count / 2)
                .DistinctBy(each => (each.Problem, each.Injection?.Operand)),
        ],
        Cache = all.Cache,
    };
}
