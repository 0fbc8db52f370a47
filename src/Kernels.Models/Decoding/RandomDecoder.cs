namespace Kernels.Models.Decoding;

/// <summary>
/// Weights of a decoder from a seed, uniform with the variance 1/in of matrices that keep the size of rows, rows of tokens of variance 1, and gains near 1.
/// What such a decoder says means nothing; it has the work of a trained one.
/// </summary>
/// <param name="shape">Its sizes.</param>
/// <param name="seed">Equal seeds give equal weights.</param>
public sealed class RandomDecoder(DecoderShape shape, int seed) : IDecoderWeights
{
    private const double GainSpread = 0.2;

    // Streams of random numbers: layers count from 0.
    private const int Ends = -1;

    /// <inheritdoc/>
    public DecoderShape Shape => shape;

    /// <inheritdoc/>
    public float[] Words() => Numbers((long)shape.Vocabulary * shape.Width, 0, 1, Ends, 0);

    /// <inheritdoc/>
    public float[] Gain() => Numbers(shape.Width, 1, GainSpread, Ends, 1);

    /// <inheritdoc/>
    public float[]? Output() => Matrix(shape.Width, shape.Vocabulary, Ends, 2);

    /// <inheritdoc/>
    public float[] OfLayer(int layer, string operand) => operand switch
    {
        "wq" => Matrix(shape.Width, shape.QueryWidth, layer, 0),
        "wk" => Matrix(shape.Width, shape.KeyWidth, layer, 1),
        "wv" => Matrix(shape.Width, shape.KeyWidth, layer, 2),
        "wo" => Matrix(shape.QueryWidth, shape.Width, layer, 3),
        "w1" => Matrix(shape.Width, shape.Hidden, layer, 4),
        "w3" => Matrix(shape.Width, shape.Hidden, layer, 5),
        "w2" => Matrix(shape.Hidden, shape.Width, layer, 6),
        "gain1" => Numbers(shape.Width, 1, GainSpread, layer, 7),
        "gain2" => Numbers(shape.Width, 1, GainSpread, layer, 8),
        _ => throw new ArgumentException($"A decoder has no weight {operand}.", nameof(operand)),
    };

    private float[] Matrix(int from, int to, int layer, int place) => Numbers((long)from * to, 0, 1 / Math.Sqrt(from), layer, place);

    private float[] Numbers(long count, double mean, double deviation, int layer, int place) => RandomNumbers.Of(count, mean, deviation, seed, layer, place);
}
