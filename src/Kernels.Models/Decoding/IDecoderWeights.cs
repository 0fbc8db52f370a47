namespace Kernels.Models.Decoding;

/// <summary>
/// Where the weights of a decoder come from, one tensor at a time, so that a large model is not in memory twice. All are float32; matrices are [out, in]
/// in row-major order. A decoder has no biases.
/// </summary>
public interface IDecoderWeights
{
    /// <summary>Its sizes.</summary>
    DecoderShape Shape { get; }

    /// <summary>[vocabulary, width]: the rows of tokens.</summary>
    float[] Words();

    /// <summary>
    /// A weight of a layer by the name of its operand: the matrices <c>wq</c> (channel i of a head is turned with channel i + headDim/2), <c>wk</c>,
    /// <c>wv</c>, <c>wo</c>, <c>w1</c> (through the activation), <c>w3</c> (the factor) and <c>w2</c>, and the gains <c>gain1</c> and <c>gain2</c>.
    /// </summary>
    float[] OfLayer(int layer, string operand);

    /// <summary>[width]: the gain of the norm after the last layer.</summary>
    float[] Gain();

    /// <summary>[vocabulary, width]: what the last rows are multiplied by; null where it is <see cref="Words"/>.</summary>
    float[]? Output();
}
