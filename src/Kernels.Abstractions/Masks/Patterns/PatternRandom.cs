namespace Kernels.Abstractions;

/// <summary>
/// Random numbers of patterns: the same on every machine, with random access. SplitMix64, Steele et al. 2014, Fast
/// Splittable Pseudorandom Number Generators, figure 17.
/// </summary>
internal static class PatternRandom
{
    /// <summary>A number below <paramref name="limit"/>, a function of the arguments alone.</summary>
    public static int Below(int limit, int seed, int head, int row, int index)
    {
        ulong mixed = Mix(Mix(Mix(Mix((uint)seed) + (uint)head) + (uint)row) + (uint)index);
        return (int)(((UInt128)mixed * (uint)limit) >> 64);
    }

    private static ulong Mix(ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }
}
