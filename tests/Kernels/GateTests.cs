using Kernels.Abstractions;
using Kernels.Results;
using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>Every kernel through the gate.</summary>
public sealed class GateTests(GateCache cache)
{
    public static TheoryData<string> Names => KernelNames.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void Passes_every_case_that_it_takes(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        GateOptions gate = kernel.Backend is { IsEmulated: true } ? SmallerHalf(cache.Quick) : cache.Quick;
        GateResult result = GateRun.Validate(kernel, gate);
        Assert.True(result.Failure is null, result.Failure);
        Assert.Equal(gate.Cases.Count, result.Passed + result.Refused);
        Assert.True(result.Passed > 20, $"{name} takes only {result.Passed} of {gate.Cases.Count} cases.");
        bool isSoftmax = kernel.Info is { Operation: SoftmaxAttention, Products: Element.Float32 } && kernel.Info.Format == Format.Float32;
        Assert.Equal(isSoftmax || kernel.Info.Operation is SoftmaxBackward, result.DeviationFromSoftmax is null);
    }

    // An emulator is a thread for each thread of a group: the larger half would take as long as all other tests.
    private static GateOptions SmallerHalf(GateOptions all) => new()
    {
        Cases = [.. all.Cases.OrderBy(each => ((AttentionProblem)each.Problem).CountVisiblePairs() * ((AttentionProblem)each.Problem).HeadDim).Take(all.Cases.Count / 2)],
        Cache = all.Cache,
    };
}
