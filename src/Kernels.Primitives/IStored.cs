using Kernels.Abstractions;

namespace Kernels.Primitives;

/// <summary>
/// A number as stored in memory. The JIT specialises a loop that reads through <see cref="Load"/> for each format: narrow numbers are
/// converted to float32 in registers, so only the narrow ones are read from memory.
/// </summary>
/// <typeparam name="TSelf">The struct itself, of the size of the number.</typeparam>
public unsafe interface IStored<TSelf>
    where TSelf : unmanaged, IStored<TSelf>
{
    /// <summary>The format.</summary>
    static abstract Element Element { get; }

    /// <summary>Loads a vector of numbers from any address, as float32, exactly; reads no byte beyond them.</summary>
    static abstract TVector Load<TSimd, TVector>(TSelf* source)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged;
}
