namespace Kernels.Abstractions;

/// <summary>
/// Normally distributed numbers from a seed: SplitMix64 (Steele, Lea and Flood 2014) and the Box–Muller transform in float64. The integers
/// are the same on every platform; the numbers are too, up to the last bit of the platform's float64 logarithm and cosine.
/// </summary>
public struct SeededNormal
{
    private ulong state;

    /// <summary>A separate stream for each combination of parts.</summary>
    public SeededNormal(params ReadOnlySpan<int> parts)
    {
        foreach (int part in parts)
        {
            state ^= (uint)part;
            state = NextBits();
        }
    }

    /// <summary>The next number of N(0, 1).</summary>
    public double Next()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
        return radius * Math.Cos(2 * Math.PI * NextUniform());
    }

    /// <summary>The next number of [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUniform() => (NextBits() >> 11) / (double)(1L << 53);

    /// <summary>The next whole number of [0, <paramref name="end"/>).</summary>
    public int NextIndex(int end) => (int)(NextUniform() * end);

    /// <summary>64 bits, a function of the parts alone.</summary>
    public static ulong Bits(params ReadOnlySpan<int> parts) => new SeededNormal(parts).NextBits();

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        state += 0x9E3779B97F4A7C15;
        ulong bits = state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
