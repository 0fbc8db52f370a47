using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Kernels.Models;

/// <summary>
/// The whole encoder in float64, as the papers write it: embeddings, layers with norms after their sublayers (Vaswani et al. 2017, section
/// 3), GELU by the error function, and the mean over the tokens at unit length. It is the reference for a whole model, and does not care
/// for speed beyond what makes 512 tokens bearable.
/// </summary>
/// <param name="weights">The weights, float32, which it widens.</param>
public sealed class ReferenceEncoder(EncoderWeights weights)
{
    // Rows whose results stay in the second cache while the matrix passes by; any number gives the same results.
    private const int RowsAtATime = 16;

    private readonly EncoderShape shape = weights.Shape;

    /// <summary>Computes a text.</summary>
    /// <param name="ids">Rows of the table of words, at most as many as there are positions.</param>
    /// <param name="keepHeads">Whether queries, keys and values of each layer are kept.</param>
    /// <exception cref="ArgumentException">There are no ids, too many, or one that the vocabulary does not have.</exception>
    public EncodedText Run(ReadOnlySpan<int> ids, bool keepHeads = false)
    {
        int tokens = ids.Length;
        double[] x = Embed(ids);
        ImmutableArray<HeadInputs>.Builder kept = ImmutableArray.CreateBuilder<HeadInputs>();
        foreach (LayerWeights layer in weights.Layers)
        {
            HeadInputs heads = new(
                tokens, shape.HeadDim, ByHeads(Linear(x, layer.Wq, layer.Bq)), ByHeads(Linear(x, layer.Wk, layer.Bk)),
                ByHeads(Linear(x, layer.Wv, layer.Bv)));
            if (keepHeads)
                kept.Add(heads);
            x = Norm(Sum(x, Linear(Attend(heads), layer.Wo, layer.Bo)), layer.Gain1, layer.Bias1);
            double[] hidden = Linear(x, layer.W1, layer.B1);
            Parallel.For(0, tokens, token => Gelu(hidden.AsSpan(token * shape.Hidden, shape.Hidden)));
            x = Norm(Sum(x, Linear(hidden, layer.W2, layer.B2)), layer.Gain2, layer.Bias2);
        }
        return new(tokens, UnitMean(x), x, kept.ToImmutable());
    }

    private double[] Embed(ReadOnlySpan<int> ids)
    {
        if (ids.IsEmpty || ids.Length > shape.Positions)
            throw new ArgumentException($"There must be 1 to {shape.Positions} ids, but {ids.Length} are given.", nameof(ids));
        ids.RequireIn(shape.Vocabulary);
        double[] x = new double[ids.Length * shape.Width];
        for (int token = 0; token < ids.Length; token++)
        {
            ReadOnlySpan<float> word = weights.Words.AsSpan(ids[token] * shape.Width, shape.Width);
            ReadOnlySpan<float> position = weights.Positions.AsSpan(token * shape.Width, shape.Width);
            for (int i = 0; i < shape.Width; i++)
                x[token * shape.Width + i] = (double)word[i] + position[i] + weights.TokenType[i];
        }
        return Norm(x, weights.Gain, weights.Bias);
    }

    // x·W + b. Each sum adds its terms in their order, whatever the blocks.
    private static double[] Linear(double[] x, float[] matrix, float[] bias)
    {
        int columns = bias.Length, inner = matrix.Length / columns, rows = x.Length / inner;
        double[] y = new double[rows * columns];
        Parallel.For(0, (rows + RowsAtATime - 1) / RowsAtATime, block =>
        {
            int begin = block * RowsAtATime, end = Math.Min(rows, begin + RowsAtATime);
            double[] wide = new double[columns];
            for (int k = 0; k < inner; k++)
            {
                for (int column = 0; column < columns; column++)
                    wide[column] = matrix[k * columns + column];
                for (int row = begin; row < end; row++)
                {
                    Span<double> sums = y.AsSpan(row * columns, columns);
                    TensorPrimitives.MultiplyAdd(wide, x[row * inner + k], sums, sums);
                }
            }
            for (int row = begin; row < end; row++)
                for (int column = 0; column < columns; column++)
                    y[row * columns + column] += bias[column];
        });
        return y;
    }

    // [tokens, heads·headDim] to [heads, tokens, headDim].
    private double[] ByHeads(double[] rows)
    {
        int tokens = rows.Length / shape.Width;
        double[] heads = new double[rows.Length];
        for (int token = 0; token < tokens; token++)
            for (int head = 0; head < shape.Heads; head++)
            {
                ReadOnlySpan<double> channels = rows.AsSpan(token * shape.Width + head * shape.HeadDim, shape.HeadDim);
                channels.CopyTo(heads.AsSpan((head * tokens + token) * shape.HeadDim));
            }
        return heads;
    }

    // Back to [tokens, heads·headDim].
    private double[] Attend(HeadInputs inputs)
    {
        int tokens = inputs.Tokens;
        double[] y = new double[tokens * shape.Width];
        Parallel.For(0, shape.Heads, head =>
        {
            for (int query = 0; query < tokens; query++)
            {
                double[] row = inputs.Attention(head, query);
                Span<double> output = y.AsSpan(query * shape.Width + head * shape.HeadDim, shape.HeadDim);
                for (int key = 0; key < tokens; key++)
                    TensorPrimitives.MultiplyAdd(inputs.V.AsSpan((head * tokens + key) * shape.HeadDim, shape.HeadDim), row[key], output, output);
            }
        });
        return y;
    }

    private static double[] Sum(double[] x, double[] y)
    {
        TensorPrimitives.Add(x, y, y);
        return y;
    }

    // Ba et al. 2016, equation 3, with the variance that divides by the width.
    private double[] Norm(double[] x, float[] gain, float[] bias)
    {
        for (int begin = 0; begin < x.Length; begin += shape.Width)
        {
            Span<double> row = x.AsSpan(begin, shape.Width);
            double mean = 0, variance = 0;
            foreach (double number in row)
                mean += number / shape.Width;
            foreach (double number in row)
                variance += (number - mean) * (number - mean) / shape.Width;
            double scale = 1 / Math.Sqrt(variance + shape.Epsilon);
            for (int i = 0; i < row.Length; i++)
                row[i] = (row[i] - mean) * scale * gain[i] + bias[i];
        }
        return x;
    }

    // Hendrycks and Gimpel 2016: x·Φ(x).
    private static void Gelu(Span<double> x)
    {
        foreach (ref double number in x)
            number *= 0.5 * (1 + ErrorFunction.Of(number / Math.Sqrt(2)));
    }

    private double[] UnitMean(double[] x)
    {
        double[] mean = new double[shape.Width];
        for (int i = 0; i < x.Length; i++)
            mean[i % shape.Width] += x[i];
        double length = Math.Sqrt(mean.Sum(number => number * number));
        for (int i = 0; i < mean.Length; i++)
            mean[i] /= length;
        return mean;
    }
}
