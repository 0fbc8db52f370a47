using System.Collections.Immutable;

namespace Kernels.Models;

/// <summary>Trained weights of an encoder as BERT is one, in float32.</summary>
/// <param name="Shape">Its sizes.</param>
/// <param name="Words">[vocabulary, width].</param>
/// <param name="Positions">[positions, width], learned.</param>
/// <param name="TokenType">[width]: added to every token; the row of the first kind of sentence.</param>
/// <param name="Gain">[width]: the norm of the embeddings.</param>
/// <param name="Bias">[width].</param>
/// <param name="Layers">From the first to the last.</param>
public sealed record EncoderWeights(
    EncoderShape Shape, float[] Words, float[] Positions, float[] TokenType, float[] Gain, float[] Bias,
    ImmutableArray<LayerWeights> Layers);
