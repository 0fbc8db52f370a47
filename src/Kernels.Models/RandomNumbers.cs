using Kernels.Abstractions;

namespace Kernels.Models;

/// <summary>Uniform numbers from a seed, for models without trained weights.</summary>
internal static class RandomNumbers
{
    /// <summary>Numbers of one weight.</summary>
    /// <param name="count">How many.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="deviation">Their standard deviation.</param>
    /// <param name="seed">Equal seeds give equal numbers, with equal layer and place.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="place">The weight within it.</param>
    public static float[] Of(long count, double mean, double deviation, int seed, int layer, int place)
    {
        float[] numbers = new float[count];
        var random = new SeededNormal(seed, layer, place);
        // A uniform number of [-1, 1) has the deviation 1/√3.
        double size = Math.Sqrt(3) * deviation;
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (float)(mean + size * (2 * random.NextUniform() - 1));
        return numbers;
    }
}
