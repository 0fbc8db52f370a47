using Kernels.Abstractions;
using Kernels.Measurement;

namespace Kernels.Bench.Suites;

/// <summary>A problem of a suite, on how many threads it is measured, and with which kernels.</summary>
public sealed record SuiteEntry(NamedProblem Problem, SuiteThreads Threads)
{
    /// <summary>The kernels that it is for when a person names none; null for all.</summary>
    public SuiteKernels? Kernels { get; init; }

    /// <summary>The numbers of threads on a machine with this many processors.</summary>
    public IEnumerable<int> ThreadCounts(int processors) => Threads switch
    {
        SuiteThreads.One => [1],
        SuiteThreads.All => [processors],
        _ => new[] { 1, processors }.Distinct(),
    };

    /// <summary>Those of <paramref name="present"/> that it is for.</summary>
    public IReadOnlyList<Kernel> KernelsAmong(IReadOnlyList<Kernel> present) => Kernels?.Among(present) ?? present;
}
