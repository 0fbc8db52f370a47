namespace Kernels.Primitives.Tiles;

/// <summary>Vectors in a row of a register tile, as a type, so that the JIT leaves out the registers of those that are not there.</summary>
public interface IColumns
{
    /// <summary>1 … 4.</summary>
    static abstract int Count { get; }
}

/// <summary>One vector.</summary>
public readonly struct OneColumn : IColumns
{
    /// <inheritdoc/>
    public static int Count => 1;
}

/// <summary>Two vectors.</summary>
public readonly struct TwoColumns : IColumns
{
    /// <inheritdoc/>
    public static int Count => 2;
}

/// <summary>Three vectors.</summary>
public readonly struct ThreeColumns : IColumns
{
    /// <inheritdoc/>
    public static int Count => 3;
}

/// <summary>Four vectors.</summary>
public readonly struct FourColumns : IColumns
{
    /// <inheritdoc/>
    public static int Count => 4;
}
