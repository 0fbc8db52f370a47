namespace Kernels.Primitives.Tiles;

/// <summary>
/// How many rows or vectors a register tile has, as a type: the count is a constant to the JIT, which leaves out the registers of those that
/// are not there.
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
