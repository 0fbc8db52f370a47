namespace Kernels.Models;

/// <summary>Sizes of an encoder (Devlin et al. 2019, section 3).</summary>
/// <param name="Layers">Layers, one after the other.</param>
/// <param name="Heads">Heads of each.</param>
/// <param name="Width">Numbers of a token between layers; heads times head dim.</param>
/// <param name="Hidden">Width within the feed-forward network.</param>
/// <param name="Vocabulary">Rows of the table of words.</param>
/// <param name="Positions">Rows of the table of positions, and so the longest text in tokens.</param>
/// <param name="Epsilon">Added to the variance in a norm.</param>
public sealed record EncoderShape(int Layers, int Heads, int Width, int Hidden, int Vocabulary, int Positions, double Epsilon)
{
    /// <summary>Channels of a head.</summary>
    public int HeadDim => Width / Heads;
}
