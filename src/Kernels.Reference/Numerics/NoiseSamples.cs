namespace Kernels.Reference;

/// <summary>
/// How many samples of rounding noise the expected error of gradients is the mean of. It is rows that err independently, not numbers: all channels of a row
/// share the errors of its pairs. Among many rows the largest of many errors counts; among few, a single sample may be near 0.
/// </summary>
internal static class NoiseSamples
{
    /// <summary>More rows have one sample.</summary>
    public const int MostFew = 64;

    private static readonly (int Rows, int Samples)[] ofFew = [(4, 16), (MostFew, 4)];

    /// <summary>Samples for so many rows that depend on some pair.</summary>
    public static int Of(int rows)
    {
        foreach ((int most, int samples) in ofFew)
        {
            if (rows <= most)
                return samples;
        }
        return 1;
    }
}
