namespace Kernels.Reference;

/// <summary>Σ weight·v / Σ weight in float64, compensated.</summary>
internal static class WeightedMean
{
    /// <param name="weights">[keys].</param>
    /// <param name="v">[keys, channels].</param>
    /// <param name="output">[channels].</param>
    /// <returns>Σ weight.</returns>
    public static double Compute(ReadOnlySpan<double> weights, ReadOnlySpan<float> v, Span<double> output)
    {
        var sums = new CompensatedSums(output.Length);
        var sum = new CompensatedSum();
        for (int key = 0; key < weights.Length; key++)
        {
            sum.Add(weights[key]);
            sums.AddScaled(weights[key], v.Slice(key * output.Length, output.Length));
        }
        sums.CopyTo(output);
        for (int c = 0; c < output.Length; c++)
            output[c] /= sum.Value;
        return sum.Value;
    }
}
