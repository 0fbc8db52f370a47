namespace Kernels.Models.Translation;

/// <summary>Sizes of an encoder and a decoder as in Vaswani et al. 2017, table 3.</summary>
/// <param name="Layers">Of the encoder, and of the decoder.</param>
/// <param name="Heads">Of each attention; the width of a head is their share of <paramref name="Width"/>.</param>
/// <param name="Width">Numbers of a token between layers, a multiple of the heads.</param>
/// <param name="Hidden">Width within the feed-forward networks.</param>
/// <param name="Vocabulary">Tokens, the same of both languages.</param>
public sealed record TranslatorShape(int Layers, int Heads, int Width, int Hidden, int Vocabulary)
{
    /// <summary>Weights of all layers and of the table of tokens, which the embeddings and the end share.</summary>
    public long Weights => Layers * (12L * Width * Width + 4L * Width * Hidden) + (long)Vocabulary * Width;
}
