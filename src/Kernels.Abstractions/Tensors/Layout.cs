namespace Kernels.Abstractions;

/// <summary>
/// Shape of a tensor, [batch, head, token, channel], and where its rows lie. Channels of a row are contiguous; the strides count elements.
/// A matrix has one batch and one head, a vector of row sums one channel.
/// </summary>
/// <param name="Batch">Independent sequences.</param>
/// <param name="Heads">Heads of a sequence.</param>
/// <param name="Tokens">Rows of a head.</param>
/// <param name="Channels">Numbers of a row.</param>
/// <param name="BatchStride">Elements from one sequence to the next.</param>
/// <param name="HeadStride">Elements from one head to the next.</param>
/// <param name="TokenStride">Elements from one row to the next, at least <paramref name="Channels"/>.</param>
public readonly record struct Layout(
    int Batch, int Heads, int Tokens, int Channels, nint BatchStride, nint HeadStride, nint TokenStride)
{
    /// <summary>Numbers of the tensor.</summary>
    public long Count => (long)Batch * Heads * Tokens * Channels;

    /// <summary>Elements from the first number to the end of the last, gaps between rows included.</summary>
    public long Extent => (Batch - 1) * BatchStride + (Heads - 1) * HeadStride + (Tokens - 1) * TokenStride + Channels;

    /// <summary>Whether all rows are contiguous in the order [batch, head, token, channel].</summary>
    public bool IsHeadMajor => this == Of(TokenOrder.HeadMajor, Batch, Heads, Tokens, Channels);

    /// <summary>A dense layout.</summary>
    public static Layout Of(TokenOrder order, int batch, int heads, int tokens, int channels) => order == TokenOrder.HeadMajor
        ? new(batch, heads, tokens, channels, (nint)heads * tokens * channels, (nint)tokens * channels, channels)
        : new(batch, heads, tokens, channels, (nint)tokens * heads * channels, channels, (nint)heads * channels);

    /// <summary>Elements from the beginning of the tensor to a row.</summary>
    public nint Offset(int batch, int head, int token) => batch * BatchStride + head * HeadStride + token * TokenStride;

    /// <summary>Such as <c>[1, 8, 512, 64]</c>, with the strides where rows do not follow each other.</summary>
    public override string ToString() => IsHeadMajor
        ? $"[{Batch}, {Heads}, {Tokens}, {Channels}]"
        : $"[{Batch}, {Heads}, {Tokens}, {Channels}] with strides {BatchStride}, {HeadStride}, {TokenStride}";
}

/// <summary>The order of the rows of q, k, v and output in memory.</summary>
public enum TokenOrder
{
    /// <summary>[batch, head, token, channel]: the rows of a head follow each other (BHSD).</summary>
    HeadMajor,

    /// <summary>[batch, token, head, channel], as a projection of all heads writes it (BSHD).</summary>
    TokenMajor,
}
