namespace Kernels.Report.Attend;

/// <summary>
/// Queries and keys of all heads in float32, as they enter the product of attention: after projection, bias and rotation. Where several
/// heads share keys (grouped queries), the keys stand once for each head.
/// </summary>
public sealed class AttentionTensors
{
    private readonly float[] q, k;

    /// <summary>Checks and keeps the arrays, without a copy.</summary>
    /// <param name="layers">Layers, at least one.</param>
    /// <param name="heads">Heads of each layer, at least one.</param>
    /// <param name="headDim">Channels of a head, d.</param>
    /// <param name="queries">Tokens that ask.</param>
    /// <param name="keys">Tokens that are asked.</param>
    /// <param name="q">[layers, heads, queries, headDim], row by row.</param>
    /// <param name="k">[layers, heads, keys, headDim], row by row.</param>
    /// <exception cref="ArgumentException">A size is not positive, an array has another length, or a number is not finite.</exception>
    public AttentionTensors(int layers, int heads, int headDim, int queries, int keys, float[] q, float[] k)
    {
        foreach (int size in (ReadOnlySpan<int>)[layers, heads, headDim, queries, keys])
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        (Layers, Heads, HeadDim, Queries, Keys) = (layers, heads, headDim, queries, keys);
        this.q = Checked(q, queries, nameof(q));
        this.k = Checked(k, keys, nameof(k));
    }

    /// <summary>Layers.</summary>
    public int Layers { get; }

    /// <summary>Heads of each layer.</summary>
    public int Heads { get; }

    /// <summary>Channels of a head, d.</summary>
    public int HeadDim { get; }

    /// <summary>Tokens that ask.</summary>
    public int Queries { get; }

    /// <summary>Tokens that are asked.</summary>
    public int Keys { get; }

    /// <summary>All queries, [layers, heads, queries, headDim].</summary>
    public ReadOnlySpan<float> Q => q;

    /// <summary>All keys, [layers, heads, keys, headDim].</summary>
    public ReadOnlySpan<float> K => k;

    /// <summary>One query, [headDim]; layer and head count from 0.</summary>
    public ReadOnlySpan<float> Query(int layer, int head, int index) => Row(q, layer, head, index, Queries);

    /// <summary>One key, [headDim]; layer and head count from 0.</summary>
    public ReadOnlySpan<float> Key(int layer, int head, int index) => Row(k, layer, head, index, Keys);

    private ReadOnlySpan<float> Row(float[] all, int layer, int head, int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)layer, (uint)Layers, nameof(layer));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)head, (uint)Heads, nameof(head));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
        return all.AsSpan(((layer * Heads + head) * count + index) * HeadDim, HeadDim);
    }

    private float[] Checked(float[] all, int count, string name)
    {
        long length = (long)Layers * Heads * count * HeadDim;
        if (all.Length != length)
            throw new ArgumentException($"{name} has {all.Length} numbers, not {Layers}·{Heads}·{count}·{HeadDim} = {length}.", name);
        // A weight of such a score would be no number, and the page would show none for the whole row.
        if (!Array.TrueForAll(all, float.IsFinite))
            throw new ArgumentException($"{name} has a number that is not finite.", name);
        return all;
    }
}
