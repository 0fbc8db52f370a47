using Kernels.Abstractions;
using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>Every kernel on problems that nobody chose. The same ones each time: a test that fails now and then helps nobody.</summary>
public sealed class RandomProblemTests(GateCache cache)
{
    private const int Problems = 40, Seed = 20261127;

    private static readonly IReadOnlyList<GateCase> cases = GeneratedCases.Of(Problems, Seed);

    public static TheoryData<string> Names => KernelNames.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void Equals_its_definition(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        string? failure = GateRun.Tally(kernel, cache.Quick with { Cases = cases }, progress: null).FailureMessage;
        Assert.True(failure is null, failure);
    }
}
