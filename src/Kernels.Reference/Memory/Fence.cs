namespace Kernels.Reference;

/// <summary>What lies around a buffer.</summary>
public enum Fence
{
    /// <summary>
    /// A page of known numbers on each side. A write there is seen afterwards; a read there spoils the result, unless the kernel throws
    /// away what it read. The process survives a wrong kernel.
    /// </summary>
    Sentinels,

    /// <summary>A page on each side that faults when touched: no access past the end goes unnoticed, but it ends the process.</summary>
    GuardPages,
}
