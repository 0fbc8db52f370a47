using Kernels.Abstractions;
using Kernels.Bench.Results;
using Kernels.Bench.Validation;
using Kernels.Tests.Validation;
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
        AttentionKernel kernel = KernelNames.Available(name);
        GateResult result = GateRun.Validate(kernel, cache.Quick);
        Assert.Null(result.Failure);
        Assert.Equal(cache.Quick.Cases.Count, result.Passed + result.Refused);
        Assert.True(result.Passed > 20, $"{name} takes only {result.Passed} of {cache.Quick.Cases.Count} cases.");
        Assert.Equal(kernel.Info.Definition == Definition.Softmax, result.DeviationFromSoftmax is null);
    }
}
