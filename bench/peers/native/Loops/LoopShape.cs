namespace Kernels.NativePeers.Loops;

/// <summary>Full attention, one problem in a batch.</summary>
internal readonly record struct LoopShape(int Heads, int Tokens, int Channels)
{
    public float Scale => 1 / MathF.Sqrt(Channels);

    /// <summary>Numbers of q, and of k and v.</summary>
    public long Count => (long)Heads * Tokens * Channels;

    /// <summary>Fills memory with normal numbers.</summary>
    public static unsafe void Fill(void* start, long count)
    {
        var random = new Random(1);
        for (long i = 0; i < count; i++)
            ((float*)start)[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }
}
