namespace Kernels.Bench.Suites;

/// <summary>Numbers of threads that a suite measures a problem with.</summary>
public enum SuiteThreads
{
    /// <summary>One thread.</summary>
    One,

    /// <summary>All processors that the process may use.</summary>
    All,

    /// <summary>Both.</summary>
    OneAndAll,
}
