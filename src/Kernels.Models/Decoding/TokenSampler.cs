using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Models.Decoding;

/// <summary>
/// Chooses tokens from probabilities p: the most probable, or at random with probabilities proportional to p^(1/T), which is the softmax of the logits over
/// T. Allocates nothing.
/// </summary>
/// <param name="temperature">T; 0 chooses the most probable, the first of equal ones.</param>
/// <param name="seed">Equal seeds give equal choices.</param>
public sealed class TokenSampler(double temperature, int seed)
{
    private SeededNormal random = new(seed);

    /// <summary>The next token.</summary>
    /// <param name="probabilities">[vocabulary], with a number above 0.</param>
    public int Next(ReadOnlySpan<float> probabilities)
    {
        int best = TensorPrimitives.IndexOfMax(probabilities);
        if (temperature == 0)
            return best;
        // Relative to the largest, so that a low temperature underflows nothing that counts.
        double sum = 0, largest = probabilities[best];
        foreach (float probability in probabilities)
            sum += Math.Pow(probability / largest, 1 / temperature);
        double left = random.NextUniform() * sum;
        for (int token = 0; token < probabilities.Length; token++)
        {
            left -= Math.Pow(probabilities[token] / largest, 1 / temperature);
            if (left < 0)
                return token;
        }
        return best;
    }
}
