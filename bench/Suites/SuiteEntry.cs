namespace Kernels.Bench.Suites;

/// <summary>A problem of a suite, and on how many threads it is measured.</summary>
public sealed record SuiteEntry(NamedProblem Problem, SuiteThreads Threads)
{
    /// <summary>The numbers of threads on a machine with this many processors.</summary>
    public IEnumerable<int> ThreadCounts(int processors) => Threads switch
    {
        SuiteThreads.One => [1],
        SuiteThreads.All => [processors],
        _ => new[] { 1, processors }.Distinct(),
    };
}
