namespace Kernels.Models;

/// <summary>
/// Weights of a layer of an encoder with norms after its sublayers. Matrices are [in, out] in row-major order: y = x·W + b.
/// </summary>
/// <param name="Wq">[width, width]: queries of all heads, head after head.</param>
/// <param name="Bq">[width].</param>
/// <param name="Wk">[width, width]: keys.</param>
/// <param name="Bk">[width].</param>
/// <param name="Wv">[width, width]: values.</param>
/// <param name="Bv">[width].</param>
/// <param name="Wo">[width, width]: from the outputs of all heads to the width.</param>
/// <param name="Bo">[width].</param>
/// <param name="Gain1">[width]: the norm after the attention.</param>
/// <param name="Bias1">[width].</param>
/// <param name="W1">[width, hidden].</param>
/// <param name="B1">[hidden].</param>
/// <param name="W2">[hidden, width].</param>
/// <param name="B2">[width].</param>
/// <param name="Gain2">[width]: the norm after the feed-forward network.</param>
/// <param name="Bias2">[width].</param>
public sealed record LayerWeights(
    float[] Wq, float[] Bq, float[] Wk, float[] Bk, float[] Wv, float[] Bv, float[] Wo, float[] Bo, float[] Gain1, float[] Bias1,
    float[] W1, float[] B1, float[] W2, float[] B2, float[] Gain2, float[] Bias2);
