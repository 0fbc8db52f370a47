using Kernels.Abstractions;
using Kernels.Measurement;

namespace Kernels.Bench.Suites;

/// <summary>A problem of a suite, its numbers of threads, and its kernels.</summary>
public sealed record SuiteEntry(NamedProblem Problem, SuiteThreads Threads)
{
    /// <summary>Its kernels when the user selects none; null for all.</summary>
    public SuiteKernels? Kernels { get; init; }

    /// <summary>The numbers of threads on a machine with this many processors.</summary>
    public IEnumerable<int> ThreadCounts(int processors) => Threads switch
    {
        SuiteThreads.One => [1],
        SuiteThreads.All => [processors],
        _ => new[] { 1, processors }.Distinct(),
    };

    /// <summary>Its kernels among <paramref name="present"/>.</summary>
    public IReadOnlyList<Kernel> KernelsAmong(IReadOnlyList<Kernel> present) => Kernels?.Among(present) ?? present;
}
