namespace Kernels.Abstractions;

/// <summary>
/// One attention problem: the shapes of q, k, v and o, where their rows lie, the mask and the scale. q and o have <see cref="Heads"/> ×
/// <see cref="Queries"/> rows a batch, k and v <see cref="KvHeads"/> × <see cref="Keys"/>. Queries and keys have positions in one sequence,
/// and masks see positions: so a problem may be a piece of a larger one.
/// </summary>
public record AttentionProblem : Problem
{
    // Kernels ask for the visible keys of every row.
    private readonly MaskedHead firstHead;

    /// <summary>Creates a problem. Kernels rely on the checks made here.</summary>
    /// <param name="batch">Independent sequences, at least 1.</param>
    /// <param name="heads">Query heads, at least 1.</param>
    /// <param name="kvHeads">Key and value heads; must divide <paramref name="heads"/> (grouped-query attention).</param>
    /// <param name="queries">Query tokens, at least 1.</param>
    /// <param name="keys">Key and value tokens, at least 1.</param>
    /// <param name="headDim">Channels of a query and of a key, at least 1.</param>
    /// <param name="mask">Which keys a query sees; all of them when null.</param>
    /// <param name="scale">Factor of the scores, finite; 1/√headDim when null.</param>
    /// <param name="valueDim">Channels of a value and of an output row, at least 1; as many as of a key when null.</param>
    /// <param name="queryStart">Position of the first query; when null, the last query is at the position of the last key.</param>
    /// <param name="keyStart">Position of the first key, at least 0.</param>
    /// <param name="order">Where the rows of q, k, v and o lie in memory.</param>
    /// <exception cref="ArgumentException">A size is not positive, heads are not divisible, the scale is not finite, a tensor would hold
    /// more than 2³¹−1 numbers, the length of a span, or the mask is a pattern and the positions are not the default.</exception>
    public AttentionProblem(
        int batch, int heads, int kvHeads, int queries, int keys, int headDim, AttentionMask? mask = null, float? scale = null,
        int? valueDim = null, int? queryStart = null, int keyStart = 0, TokenOrder order = TokenOrder.HeadMajor)
    {
        Require(batch, "batch size");
        Require(heads, "number of heads");
        Require(kvHeads, "number of kv heads");
        Require(queries, "number of queries");
        Require(keys, "number of keys");
        Require(headDim, "head dimension");
        Require(valueDim ?? headDim, "value dimension");
        if (heads % kvHeads != 0)
            throw new ArgumentException($"{heads} heads cannot be shared evenly by {kvHeads} kv heads.");
        if (scale is { } s && !float.IsFinite(s))
            throw new ArgumentException($"The scale must be finite, but is {s}.");
        (Batch, Heads, KvHeads, Queries, Keys, HeadDim) = (batch, heads, kvHeads, queries, keys, headDim);
        Mask = mask ?? AttentionMask.Full;
        Scale = scale ?? DefaultScale(headDim);
        ValueDim = valueDim ?? headDim;
        Order = order;
        KeyStart = keyStart;
        RequirePositions(queryStart);
        QueryStart = queryStart ?? UsualQueryStart;
        RequireSpan((Int128)batch * heads * queries * headDim, "q");
        RequireSpan((Int128)batch * kvHeads * keys * headDim, "k");
        RequireSpan((Int128)batch * kvHeads * keys * ValueDim, "v");
        RequireSpan((Int128)batch * heads * queries * ValueDim, "o");
        firstHead = Head(0);
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

    /// <summary>Channels of a query and of a key.</summary>
    public int HeadDim { get; }

    /// <summary>Channels of a value and of an output row.</summary>
    public int ValueDim { get; }

    /// <summary>Position of the first query in the sequence.</summary>
    public int QueryStart { get; }

    /// <summary>Position of the first key in the sequence.</summary>
    public int KeyStart { get; }

    /// <summary>Where the rows of q, k, v and o lie in memory.</summary>
    public TokenOrder Order { get; }

    /// <summary>Which keys a query sees.</summary>
    public AttentionMask Mask { get; }

    /// <summary>Factor that a score q·k is multiplied by before the softmax.</summary>
    public float Scale { get; }

    /// <summary>Numbers in q.</summary>
    public int QueryLength => Batch * Heads * Queries * HeadDim;

    /// <summary>Numbers in k.</summary>
    public int KeyLength => Batch * KvHeads * Keys * HeadDim;

    /// <summary>Numbers in v.</summary>
    public int ValueLength => Batch * KvHeads * Keys * ValueDim;

    /// <summary>Numbers in o.</summary>
    public int OutputLength => Batch * Heads * Queries * ValueDim;

    /// <summary>Default position of the first query: the last query is at the position of the last key.</summary>
    public int UsualQueryStart => KeyStart + Keys - Queries;

    /// <summary>The scale of Vaswani et al. 2017: 1/√headDim.</summary>
    public static float DefaultScale(int headDim) => 1 / MathF.Sqrt(headDim);

    /// <summary>The kv head that serves a query head: consecutive heads share a kv head.</summary>
    public int KvHead(int head) => (int)((long)head * KvHeads / Heads);

    /// <summary>The keys that one query sees: see <see cref="AttentionMask.VisibleKeys"/>.</summary>
    public KeyRange VisibleKeys(int query) => Mask.VisibleKeys(firstHead, query);

    /// <summary>The smallest range with every key that some query in <c>begin … end</c> sees, which a tile of queries must visit.</summary>
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
    public MaskedHead Head(int head) => new(Mask, head, Queries, Keys) { QueryStart = QueryStart, KeyStart = KeyStart };

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
    /// Visible (query, key) pairs of all heads of one sequence, each as often as it counts in the softmax. Computed from the runs of the
    /// mask, not pair by pair.
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

    /// <summary>Keys of all kv heads of one sequence that some query sees: the least that any algorithm reads.</summary>
    public long CountSeenKeys() => Mask.IsContiguous ? (long)KvHeads * KeysSeenByAny(0, Queries).Length : SeenKeys.Count(this);

    /// <summary>
    /// Dense-equivalent floating-point operations: 2·batch·heads·queries·keys·(headDim + valueDim), independent of mask and operation.
    /// Dense GFLOP/s compare times across masks and operations, and are no measure of the hardware's use.
    /// </summary>
    public override double DenseFlops => 2.0 * Batch * Heads * Queries * Keys * (HeadDim + ValueDim);

    /// <summary>
    /// The same queries on a range of the keys, at their positions here: one step of <see cref="SoftmaxStep"/>.
    /// </summary>
    /// <param name="keys">Numbers of keys, not empty.</param>
    public AttentionProblem Step(KeyRange keys) => new(
        Batch, Heads, KvHeads, Queries, keys.Length, HeadDim, Mask, Scale, ValueDim, QueryStart, KeyStart + keys.Begin, Order);

    /// <summary>This kind of problem with the sizes, mask and scale of another.</summary>
    public virtual AttentionProblem On(AttentionProblem core) => core;

    /// <summary>The name used on the command line and in results, such as <c>b1-h8/2-q512-k512-d64-causal</c>.</summary>
    public override string Name => ProblemName.Format(this);

    // Masks subtract positions of queries and keys from each other.
    private void RequirePositions(int? given)
    {
        if (KeyStart < 0)
            throw new ArgumentException($"The first key must be at position 0 or later, but is at {KeyStart}.");
        long usual = (long)KeyStart + Keys - Queries, start = given ?? usual, end = Math.Max((long)KeyStart + Keys, start + Queries);
        if (start < -Queries || end > int.MaxValue || end - Math.Min(KeyStart, start) > int.MaxValue)
            throw new ArgumentException($"Positions must be from -{Queries} to {int.MaxValue}, and no more than {int.MaxValue} apart.");
        if (!Mask.IsContiguous && (KeyStart != 0 || start != usual))
            throw new ArgumentException($"{Mask} is a pattern over a whole sequence: its keys begin at position 0, and the last query stands at the last key.");
    }

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
