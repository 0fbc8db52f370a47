namespace Kernels.Primitives;

/// <summary>
/// A cache line: vectors that do not straddle two lines load faster, and threads that write to the same line slow each other down.
/// </summary>
public static unsafe class CacheLine
{
    /// <summary>Floats of a line.</summary>
    public const int Floats = 16;

    /// <summary>Bytes of a line.</summary>
    public const int Bytes = Floats * sizeof(float);

    /// <summary>Rounds up to the start of a line, by less than <see cref="Floats"/> floats.</summary>
    public static float* Align(float* memory) => (float*)(((nuint)memory + Bytes - 1) / Bytes * Bytes);
}
