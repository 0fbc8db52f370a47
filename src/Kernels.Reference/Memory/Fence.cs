namespace Kernels.Reference;

/// <summary>The kind of fence around a buffer.</summary>
public enum Fence
{
    /// <summary>
    /// A page of known numbers on each side. A write there is detected afterwards; a read there changes the result, unless the kernel
    /// discards the value. The process survives a wrong kernel.
    /// </summary>
    Sentinels,

    /// <summary>A page on each side that faults when touched: every access beyond the end is detected, but ends the process.</summary>
    GuardPages,
}
