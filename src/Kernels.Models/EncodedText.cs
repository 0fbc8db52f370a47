using System.Collections.Immutable;

namespace Kernels.Models;

/// <summary>What an encoder makes of a text, in float64.</summary>
/// <param name="Tokens">Tokens of the text.</param>
/// <param name="Embedding">[width], of unit length: the mean over the tokens.</param>
/// <param name="Output">[tokens, width]: the last layer's.</param>
/// <param name="Heads">Queries, keys and values of each layer; empty where they were not asked for.</param>
public sealed record EncodedText(int Tokens, double[] Embedding, double[] Output, ImmutableArray<HeadInputs> Heads);

/// <summary>Queries, keys and values of all heads of a layer, each [heads, tokens, headDim], which attention takes as they are.</summary>
/// <param name="Tokens">Tokens of the text.</param>
/// <param name="HeadDim">Channels of a head.</param>
/// <param name="Q">Queries.</param>
/// <param name="K">Keys.</param>
/// <param name="V">Values.</param>
public sealed record HeadInputs(int Tokens, int HeadDim, double[] Q, double[] K, double[] V)
{
    /// <summary>Heads of the layer.</summary>
    public int Heads => Q.Length / (Tokens * HeadDim);

    /// <summary>How a query of a head weighs the keys: softmax(q·Kᵀ/√headDim), which sums to 1.</summary>
    /// <returns>[tokens].</returns>
    public double[] Attention(int head, int query)
    {
        double[] row = Scores(head, query);
        double max = row.Max(), sum = 0;
        for (int key = 0; key < Tokens; key++)
            sum += row[key] = Math.Exp(row[key] - max);
        for (int key = 0; key < Tokens; key++)
            row[key] /= sum;
        return row;
    }

    /// <summary>The scores of a query, q·Kᵀ/√headDim.</summary>
    /// <returns>[tokens].</returns>
    public double[] Scores(int head, int query)
    {
        double[] row = new double[Tokens];
        ReadOnlySpan<double> q = Q.AsSpan((head * Tokens + query) * HeadDim, HeadDim);
        for (int key = 0; key < Tokens; key++)
        {
            ReadOnlySpan<double> k = K.AsSpan((head * Tokens + key) * HeadDim, HeadDim);
            double score = 0;
            for (int channel = 0; channel < HeadDim; channel++)
                score += q[channel] * k[channel];
            row[key] = score / Math.Sqrt(HeadDim);
        }
        return row;
    }
}
