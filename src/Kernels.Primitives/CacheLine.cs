namespace Kernels.Primitives;

/// <summary>The unit of caches: vectors that do not straddle two load twice as fast, and threads that write to one wait for each other.</summary>
public static unsafe class CacheLine
{
    /// <summary>Floats of a line.</summary>
    public const int Floats = 16;

    /// <summary>Bytes of a line.</summary>
    public const int Bytes = Floats * sizeof(float);

    /// <summary>The first float at or after <paramref name="memory"/> that begins a line: at most <see cref="Floats"/> further.</summary>
    public static float* Align(float* memory) => (float*)(((nuint)memory + Bytes - 1) / Bytes * Bytes);
}
