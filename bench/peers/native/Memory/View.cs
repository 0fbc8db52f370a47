namespace Kernels.NativePeers.Memory;

/// <summary>Numbers in memory as [batch, head, token, channel] with strides; the channels of a token stand side by side.</summary>
/// <param name="Start">Address of the first number.</param>
/// <param name="ElementBytes">Bytes of a number.</param>
/// <param name="Strides">Numbers from one batch, head and token to the next.</param>
internal readonly unsafe record struct View(
    nint Start, int ElementBytes, int Batch, int Heads, int Tokens, int Channels, (long Batch, long Head, long Token) Strides)
{
    /// <summary>Bytes of all numbers.</summary>
    public long Bytes => (long)Batch * Heads * Tokens * Channels * ElementBytes;

    private (int, int, int, int, int) Shape => (Batch, Heads, Tokens, Channels, ElementBytes);

    /// <summary>Without gaps, in the order of the protocol.</summary>
    public static View HeadMajor(void* start, int elementBytes, int batch, int heads, int tokens, int channels) => new(
        (nint)start, elementBytes, batch, heads, tokens, channels, ((long)heads * tokens * channels, (long)tokens * channels, channels));

    /// <summary>Without gaps, the heads of a token side by side: [batch, token, head·channel].</summary>
    public static View TokenMajor(void* start, int elementBytes, int batch, int heads, int tokens, int channels) => new(
        (nint)start, elementBytes, batch, heads, tokens, channels, ((long)heads * tokens * channels, channels, (long)heads * channels));

    /// <summary>The last tokens of every head.</summary>
    public View Last(int tokens) => this with
    {
        Start = Start + (nint)((Tokens - tokens) * Strides.Token * ElementBytes),
        Tokens = tokens,
    };

    /// <summary>Copies the numbers to a view of the same shape.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void CopyTo(View target)
    {
        if (Shape != target.Shape)
            throw new ArgumentException("the views have different shapes", nameof(target));
        for (int batch = 0; batch < Batch; batch++)
        {
            for (int head = 0; head < Heads; head++)
            {
                for (int token = 0; token < Tokens; token++)
                    Row(batch, head, token).CopyTo(target.Row(batch, head, token));
            }
        }
    }

    private Span<byte> Row(int batch, int head, int token) => new(
        (byte*)Start + (batch * Strides.Batch + head * Strides.Head + token * Strides.Token) * ElementBytes, Channels * ElementBytes);
}
