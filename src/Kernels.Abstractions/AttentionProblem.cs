namespace Kernels.Abstractions;

/// <summary>
/// One attention problem: the shapes of q, k, v and output, the mask and the scale. Tensors are dense, row-major
/// [batch, head, token, channel] float32; q and output have <see cref="Heads"/> × <see cref="Queries"/> rows a batch,
/// k and v <see cref="KvHeads"/> × <see cref="Keys"/>.
/// </summary>
public sealed record AttentionProblem
{
    /// <summary>Creates a problem; every number is checked here, so that no kernel has to.</summary>
    /// <param name="batch">Independent sequences, at least 1.</param>
    /// <param name="heads">Query heads, at least 1.</param>
    /// <param name="kvHeads">Key and value heads; must divide <paramref name="heads"/> (grouped-query attention).</param>
    /// <param name="queries">Query tokens, at least 1.</param>
    /// <param name="keys">Key and value tokens, at least 1.</param>
    /// <param name="headDim">Channels of a head, at least 1.</param>
    /// <param name="mask">Which keys a query sees; all of them when null.</param>
    /// <param name="scale">Factor of the scores, finite; 1/√headDim when null.</param>
    /// <exception cref="ArgumentException">A size is not positive, heads are not divisible, the scale is not finite, or a tensor
    /// would hold more than 2³¹−1 numbers, which is as many as one span can hold.</exception>
    public AttentionProblem(
        int batch, int heads, int kvHeads, int queries, int keys, int headDim, AttentionMask? mask = null, float? scale = null)
    {
        Require(batch, "batch size");
        Require(heads, "number of heads");
        Require(kvHeads, "number of kv heads");
        Require(queries, "number of queries");
        Require(keys, "number of keys");
        Require(headDim, "head dimension");
        if (heads % kvHeads != 0)
            throw new ArgumentException($"{heads} heads cannot be shared evenly by {kvHeads} kv heads.");
        if (scale is { } s && !float.IsFinite(s))
            throw new ArgumentException($"The scale must be finite, but is {s}.");
        (Batch, Heads, KvHeads, Queries, Keys, HeadDim) = (batch, heads, kvHeads, queries, keys, headDim);
        Mask = mask ?? AttentionMask.Full;
        Scale = scale ?? DefaultScale(headDim);
        RequireSpan((Int128)batch * heads * queries * headDim, "q");
        RequireSpan((Int128)batch * kvHeads * keys * headDim, "k");
    }

    /// <summary>Independent sequences.</summary>
    public int Batch { get; }

    /// <summary>Query heads.</summary>
    public int Heads { get; }

    /// <summary>Key and value heads.</summary>
    public int KvHeads { get; }

    /// <summary>Query tokens of a sequence.</summary>
    public int Queries { get; }

    /// <summary>Key and value tokens of a sequence.</summary>
    public int Keys { get; }

    /// <summary>Channels of a head.</summary>
    public int HeadDim { get; }

    /// <summary>Which keys a query sees.</summary>
    public AttentionMask Mask { get; }

    /// <summary>Factor that a score q·k is multiplied by before the softmax.</summary>
    public float Scale { get; }

    /// <summary>Numbers in q, and in the output.</summary>
    public int QueryLength => Batch * Heads * Queries * HeadDim;

    /// <summary>Numbers in k, and in v.</summary>
    public int KeyLength => Batch * KvHeads * Keys * HeadDim;

    /// <summary>The scale of Vaswani et al. 2017: 1/√headDim.</summary>
    public static float DefaultScale(int headDim) => 1 / MathF.Sqrt(headDim);

    /// <summary>The kv head that serves a query head: heads in order share kv heads in order.</summary>
    public int KvHead(int head) => (int)((long)head * KvHeads / Heads);

    /// <summary>The keys that one query sees: see <see cref="AttentionMask.VisibleKeys"/>.</summary>
    public KeyRange VisibleKeys(int query) => Mask.VisibleKeys(query, Queries, Keys);

    /// <summary>The smallest range with every key that some query in <c>begin … end</c> sees: what a tile of queries must visit.</summary>
    public KeyRange KeysSeenByAny(int begin, int end)
    {
        KeyRange any = VisibleKeys(begin);
        for (int query = begin + 1; query < end; query++)
            any = any.Union(VisibleKeys(query));
        return any;
    }

    /// <summary>The keys that every query in <c>begin … end</c> sees: a tile inside them needs no masking.</summary>
    public KeyRange KeysSeenByAll(int begin, int end)
    {
        KeyRange all = VisibleKeys(begin);
        for (int query = begin + 1; query < end; query++)
            all = all.Intersect(VisibleKeys(query));
        return all;
    }

    /// <summary>One query head, as the mask needs it.</summary>
    public MaskedHead Head(int head) => new(Mask, head, Queries, Keys);

    /// <summary>Whether a query sees no key at all, so that its output is zeros.</summary>
    public bool IsBlind(int head, int query)
    {
        if (Mask.IsContiguous)
            return VisibleKeys(query).IsEmpty;
        bool sees = false;
        for (int part = 0; part < Mask.Parts; part++)
            sees |= Mask.Part(part).Sees(Head(head), query);
        return !sees;
    }

    /// <summary>
    /// Visible (query, key) pairs of all heads of one sequence, each as often as it counts in the softmax. Counted from the runs of the
    /// mask, never pair by pair.
    /// </summary>
    public long CountVisiblePairs()
    {
        long pairs = 0;
        if (Mask.IsContiguous)
        {
            for (int query = 0; query < Queries; query++)
                pairs += VisibleKeys(query).Length;
            return pairs * Heads;
        }
        for (int head = 0; head < Heads; head++)
            for (int part = 0; part < Mask.Parts; part++)
                pairs += Mask.Part(part).Pairs(Head(head));
        return pairs;
    }

    /// <summary>
    /// Dense-equivalent floating-point operations: 4·batch·heads·queries·keys·headDim, as if every query saw every key and whatever
    /// the definition. A column of dense GFLOP/s compares times across masks and definitions; it says nothing of the hardware.
    /// </summary>
    public double DenseFlops => 4.0 * Batch * Heads * Queries * Keys * HeadDim;

    /// <summary>Bytes that any algorithm must move: q, k and v read once, the output written once.</summary>
    public long CompulsoryBytes => sizeof(float) * 2L * ((long)QueryLength + KeyLength);

    /// <summary>
    /// The bytes that attention must move under this mask: q read once, the keys and values that some query sees read once, the output
    /// written once. Divided by a time, it compares a kernel that waits for memory with the bandwidth.
    /// </summary>
    public long VisibleBytes
    {
        get
        {
            long keys = Mask.IsContiguous ? (long)KvHeads * KeysSeenByAny(0, Queries).Length : SeenKeys.Count(this);
            return sizeof(float) * 2L * (QueryLength + Batch * HeadDim * keys);
        }
    }

    /// <summary>The same for inputs in a precision; the output is float32.</summary>
    public long VisibleBytesIn(Precision precision) => precision == Precision.Single
        ? VisibleBytes
        : VisibleBytes / 2 + sizeof(float) / 2 * (long)QueryLength;

    /// <summary>The name used on the command line and in results, such as <c>b1-h8/2-q512-k512-d64-causal</c>.</summary>
    public override string ToString() => ProblemName.Format(this);

    private static void Require(int value, string what)
    {
        if (value < 1)
            throw new ArgumentException($"The {what} must be at least 1, but is {value}.");
    }

    private static void RequireSpan(Int128 length, string tensor)
    {
        if (length > int.MaxValue)
            throw new ArgumentException($"{tensor} would hold {length:N0} numbers; one tensor holds at most {int.MaxValue:N0}.");
    }
}
