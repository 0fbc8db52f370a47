namespace Kernels.Results;

/// <summary>Why a time is not that of the work: the case loses its figures. docs/measurement.md says how each is found.</summary>
public enum TimingFault
{
    /// <summary>A timed call gave a result that its inputs do not give.</summary>
    WrongResult,

    /// <summary>A timed call did not write its output.</summary>
    NotWritten,

    /// <summary>A timed call returned before its output was written.</summary>
    Unfinished,

    /// <summary>Calls on inputs that the kernel has seen are faster than calls on new ones.</summary>
    RemembersInputs,

    /// <summary>A call changed the floating-point mode of its thread, such as rounding, or what becomes of subnormal numbers.</summary>
    FloatingPointMode,

    /// <summary>A call changed the processors that its thread may run on.</summary>
    Affinity,

    /// <summary>A call changed the priority of its thread.</summary>
    Priority,

    /// <summary>Threads allocate after the last call.</summary>
    AllocatesAfterwards,

    /// <summary>Threads are at work after the last call.</summary>
    BusyAfterwards,

    /// <summary>The rate exceeds what the machine can reach.</summary>
    TooFast,
}
