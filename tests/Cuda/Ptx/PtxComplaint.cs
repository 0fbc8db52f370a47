namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The kinds of fault that the interpreter finds.</summary>
internal enum PtxComplaint
{
    /// <summary>Not PTX that the interpreter knows: an opcode or directive that is not on its list, or operands that do not fit.</summary>
    Unknown,

    /// <summary>An access outside every allocation, or a write to an input.</summary>
    OutOfBounds,

    /// <summary>An address that is not a multiple of the size of the access.</summary>
    Misaligned,

    /// <summary>Shared memory that was read before anything was written there.</summary>
    Uninitialised,

    /// <summary>Two threads at the same memory, one of them writing, with no barrier between.</summary>
    Race,

    /// <summary>Memory that an asynchronous copy still writes to, or registers that an asynchronous product still uses.</summary>
    InFlight,

    /// <summary>Registers or shared memory that an asynchronous product uses without the fence that orders it after what was done to them.</summary>
    Unfenced,

    /// <summary>Threads that cannot meet: lanes at different barriers, or gone; warps that start different products together.</summary>
    Divergent,

    /// <summary>An operation that the manual leaves undefined.</summary>
    Undefined,

    /// <summary>More instructions than any test needs.</summary>
    Endless,
}
