namespace Kernels.Primitives.Tiles;

/// <summary>
/// The number of rows or vectors of a register tile as a type: it is a constant to the JIT, which omits the code and registers of the
/// others.
/// </summary>
public interface ICount
{
    /// <summary>1 … 4.</summary>
    static abstract int Value { get; }
}

/// <summary>One.</summary>
public readonly struct One : ICount
{
    /// <inheritdoc/>
    public static int Value => 1;
}

/// <summary>Two.</summary>
public readonly struct Two : ICount
{
    /// <inheritdoc/>
    public static int Value => 2;
}

/// <summary>Three.</summary>
public readonly struct Three : ICount
{
    /// <inheritdoc/>
    public static int Value => 3;
}

/// <summary>Four.</summary>
public readonly struct Four : ICount
{
    /// <inheritdoc/>
    public static int Value => 4;
}
