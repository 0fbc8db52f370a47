namespace Kernels.Models.Decoding;

/// <summary>Sizes of a decoder as Llama is one (Touvron et al. 2023, section 2.2).</summary>
/// <param name="Layers">Layers, one after the other.</param>
/// <param name="Heads">Query heads of each.</param>
/// <param name="KvHeads">Heads of keys and values, a divisor of <paramref name="Heads"/>.</param>
/// <param name="HeadDim">Channels of a head, an even number.</param>
/// <param name="Width">Numbers of a token between layers.</param>
/// <param name="Hidden">Width within the feed-forward network.</param>
/// <param name="Vocabulary">Tokens.</param>
/// <param name="Epsilon">Added to the mean square in a norm.</param>
/// <param name="RotaryBase">The base of the wavelengths of rotary positions.</param>
public sealed record DecoderShape(
    int Layers, int Heads, int KvHeads, int HeadDim, int Width, int Hidden, int Vocabulary, double Epsilon, double RotaryBase)
{
    /// <summary>Numbers of a row of all query heads.</summary>
    public int QueryWidth => Heads * HeadDim;

    /// <summary>Numbers of a row of all kv heads.</summary>
    public int KeyWidth => KvHeads * HeadDim;

    /// <summary>Weights of all layers and of the two ends, norms included.</summary>
    public long Weights => Layers * (Width * (2L * QueryWidth + 2L * KeyWidth + 3L * Hidden + 2)) + 2L * Vocabulary * Width + Width;

    /// <summary>Numbers of the caches of one token, in all layers.</summary>
    public long CacheOfToken => 2L * Layers * KeyWidth;
}
