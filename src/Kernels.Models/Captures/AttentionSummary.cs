using Kernels.Results;

namespace Kernels.Models.Captures;

/// <summary>What the queries, keys and values of a layer look like: outlier channels, and how peaked the rows of weights are.</summary>
/// <param name="QOutlier">The largest of a channel of the queries in all heads, as a multiple of the median channel's.</param>
/// <param name="KOutlier">The same of the keys.</param>
/// <param name="VOutlier">The same of the values.</param>
/// <param name="LargestScore">The largest |q·k|/√headDim.</param>
/// <param name="LargestWeight">The largest weight of a row, median over all rows of all heads; 1/tokens where nothing is attended to.</param>
/// <param name="PeakedRows">Part of the rows of which one key has more than half of the weight, 0 … 1.</param>
public sealed record AttentionSummary(double QOutlier, double KOutlier, double VOutlier, double LargestScore, double LargestWeight, double PeakedRows)
{
    /// <summary>Looks at a layer.</summary>
    public static AttentionSummary Of(HeadInputs layer)
    {
        double[] largest = new double[layer.Heads * layer.Tokens], scores = new double[largest.Length];
        Parallel.For(0, largest.Length, row =>
        {
            (int head, int query) = Math.DivRem(row, layer.Tokens);
            largest[row] = layer.Attention(head, query).Max();
            scores[row] = layer.Scores(head, query).Max(Math.Abs);
        });
        return new(
            Outlier(layer, layer.Q), Outlier(layer, layer.K), Outlier(layer, layer.V), scores.Max(), MedianInterval.Of(largest).Median,
            largest.Count(weight => weight > 0.5) / (double)largest.Length);
    }

    private static double Outlier(HeadInputs layer, double[] numbers)
    {
        int d = layer.HeadDim;
        double[] channels = new double[numbers.Length / layer.Tokens];
        for (int i = 0; i < numbers.Length; i++)
        {
            int channel = i / (layer.Tokens * d) * d + i % d;
            channels[channel] = Math.Max(channels[channel], Math.Abs(numbers[i]));
        }
        return channels.Max() / MedianInterval.Of(channels).Median;
    }
}
