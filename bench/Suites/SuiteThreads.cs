namespace Kernels.Bench.Suites;

/// <summary>Numbers of threads that a suite measures a problem with.</summary>
public enum SuiteThreads
{
    /// <summary>One thread: what a kernel does with a core.</summary>
    One,

    /// <summary>All processors that the process may use: what a person would run.</summary>
    All,

    /// <summary>Both: how a kernel scales.</summary>
    OneAndAll,
}
