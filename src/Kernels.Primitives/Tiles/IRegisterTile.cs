namespace Kernels.Primitives.Tiles;

/// <summary>
/// A family of micro-kernels: matrix products so small that the result stays in registers. One family serves both products of attention,
/// QKᵀ and PV; it knows nothing of attention, and attention knows nothing of registers.
/// </summary>
public interface IRegisterTile
{
    /// <summary>Rows of the result.</summary>
    static abstract int Rows { get; }

    /// <summary>The most vectors that a row of the result can have.</summary>
    static abstract int MaxVectors { get; }

    /// <summary>Computes tiles of <see cref="Rows"/> rows of <paramref name="vectors"/> vectors, 1 … <see cref="MaxVectors"/>.</summary>
    static abstract void Multiply(int vectors, in TileProduct product);
}
