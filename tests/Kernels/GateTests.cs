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
        GateResult result = GateRun.Validate(kernel, cache.Quick);
        Assert.True(result.Failure is null, result.Failure);
        Assert.Equal(cache.Quick.Cases.Count, result.Passed + result.Refused);
        Assert.True(result.Passed > 20, $"{name} takes only {result.Passed} of {cache.Quick.Cases.Count} cases.");
        bool isSoftmax = kernel.Info is { Operation: SoftmaxAttention, Products: Element.Float32 } && kernel.Info.Format == Format.Float32;
        Assert.Equal(isSoftmax || kernel.Info.Operation is SoftmaxBackward, result.DeviationFromSoftmax is null);
    }
}
