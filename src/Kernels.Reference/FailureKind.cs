namespace Kernels.Reference;

/// <summary>Why the gate rejects an output. In the order of the gate's checks: the first one found is the verdict.</summary>
public enum FailureKind
{
    /// <summary>The reference contradicts itself or threw: nothing is known about the kernel.</summary>
    NoReference,

    /// <summary>The kernel ended its process, for example by an access to memory that is not there.</summary>
    Crashed,

    /// <summary>The kernel did not return within the time limit.</summary>
    TimedOut,

    /// <summary>The kernel threw.</summary>
    Threw,

    /// <summary>It wrote outside its output and scratch.</summary>
    WroteOutside,

    /// <summary>It changed an input.</summary>
    InputChanged,

    /// <summary>Elements of the output were never written.</summary>
    NotWritten,

    /// <summary>The result depends on memory around the inputs.</summary>
    ReadOutside,

    /// <summary>The result depends on what output or scratch held before the call.</summary>
    DependsOnOldContents,

    /// <summary>The same call gave another result.</summary>
    NotReproducible,

    /// <summary>Several threads gave another result than one.</summary>
    NotThreadSafe,

    /// <summary>A row that sees no key is not zeros.</summary>
    MaskedRowNotZero,

    /// <summary>NaN where gold is a number.</summary>
    NaN,

    /// <summary>Infinite where gold is a number, or the other infinity.</summary>
    Infinite,

    /// <summary>A finite number where gold is NaN or infinity.</summary>
    SwallowedNonFinite,

    /// <summary>The largest error exceeds the limit.</summary>
    Inaccurate,

    /// <summary>The mean square error exceeds the limit.</summary>
    InaccurateOnAverage,

    /// <summary>Every call allocates managed memory; the numbers are right.</summary>
    Allocates,
}
