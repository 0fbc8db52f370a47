using Kernels.Abstractions;

namespace Kernels.Primitives;

/// <summary>
/// A number as it lies in memory. A loop that reads its rows through <see cref="Load"/> is written once and specialised by the JIT for each
/// format: narrow numbers become float32 in the register that they are loaded into, and memory sees the narrow ones alone.
/// </summary>
/// <typeparam name="TSelf">The struct itself, of the size of the number.</typeparam>
public unsafe interface IStored<TSelf>
    where TSelf : unmanaged, IStored<TSelf>
{
    /// <summary>The format.</summary>
    static abstract Element Element { get; }

    /// <summary>Loads a vector of numbers from any address, as float32, exactly; it reads not one byte more than they have.</summary>
    static abstract TVector Load<TSimd, TVector>(TSelf* source)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged;
}
