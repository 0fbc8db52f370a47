using Kernels.Models.Decoding;
using Xunit;

namespace Kernels.Tests.Models;

[RunsOnce]
public class TokenSamplerTests
{
    private static readonly float[] probabilities = [0.1f, 0, 0.6f, 0.3f];

    [Fact]
    public void Without_temperature_the_most_probable_is_taken() => Assert.Equal(2, new TokenSampler(0, 1).Next(probabilities));

    /// <summary>Frequencies are those of p^(1/T) within four standard deviations.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void With_temperature_frequencies_are_powers_of_probabilities(double temperature)
    {
        const int Draws = 20_000;
        var sampler = new TokenSampler(temperature, 3);
        int[] counts = new int[probabilities.Length];
        for (int i = 0; i < Draws; i++)
            counts[sampler.Next(probabilities)]++;
        double[] powers = [.. probabilities.Select(p => Math.Pow(p, 1 / temperature))];
        for (int token = 0; token < powers.Length; token++)
        {
            double share = powers[token] / powers.Sum();
            Assert.InRange(counts[token], Draws * share - 4 * Math.Sqrt(Draws * share), Draws * share + 4 * Math.Sqrt(Draws * share));
        }
    }

    [Fact]
    public void Equal_seeds_give_equal_choices()
    {
        int[] Draw(int seed)
        {
            var sampler = new TokenSampler(1, seed);
            return [.. Enumerable.Range(0, 50).Select(_ => sampler.Next(probabilities))];
        }
        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
    }
}
