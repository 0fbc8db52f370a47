using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// <see cref="TransformerLayer"/> and <see cref="MultiHeadAttention"/>. Rows of keys and values are computed once for all rows of a block.
/// </summary>
internal class TransformerFormula(LayerOperation operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : LayerFormula(arithmetic, problem, numbers)
{
    private readonly TransformerLayer? layer = operation as TransformerLayer;

    /// <summary>What is computed.</summary>
    protected LayerOperation Operation => operation;

    /// <inheritdoc/>
    protected override WeightOrder Order => operation.WeightOrder;

    private bool IsLinear => operation is AttentionLayer { Linear: true };

    /// <summary>Whether a self-attention has keys from a cache.</summary>
    private bool IsCached => layer is { Cached: true };

    /// <summary>Position of the first query.</summary>
    protected int FirstPosition => IsCached ? Problem.Keys - Problem.Queries : 0;

    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values)
    {
        if (IsCached && rows.Group > 0)
        {
            Cache(rows, values);
            return;
        }
        int batch = rows.HeadIndex;
        for (int i = 0; i < rows.Tokens.Length; i++)
            Output(batch, rows.Tokens[i]).CopyTo(values.Slice(i * Problem.Width, Problem.Width));
    }

    /// <summary>One row of the layer.</summary>
    private double[] Output(int batch, int token)
    {
        double[] x = Row("x", batch, token);
        if (layer is null)
            return operation is MultiHeadAttention { Cross: true } ? MultiHead(x, batch, token, "", "c", Problem.Core)
                : MultiHead(x, batch, token, "", "x", Problem.Core);
        double[] h = Sublayer(x, "gain1", "shift1", rows => MultiHead(rows, batch, token, "", "x", layer.SelfCore(Problem)));
        if (layer.Cross)
            h = Sublayer(h, "cgain", "cshift", rows => MultiHead(rows, batch, token, "c", CrossSource, TransformerLayer.CrossCore(Problem)));
        return Sublayer(h, "gain2", "shift2", rows => FeedForward(rows, layer));
    }

    /// <summary>The rows that cross-attention reads.</summary>
    protected virtual string CrossSource => "c";

    /// <summary>norm(x + f(x)), or x + f(norm(x)).</summary>
    protected virtual double[] Sublayer(double[] x, string gain, string shift, Func<double[], double[]> compute) => layer!.PreNorm
        ? Add(x, compute(Norm(x, gain, shift, layer)))
        : Norm(Add(x, compute(x)), gain, shift, layer);

    /// <summary>One row of multi-head attention.</summary>
    /// <param name="row">The row of the query, normed where norms come first.</param>
    /// <param name="batch">The sequence.</param>
    /// <param name="query">The query.</param>
    /// <param name="prefix">Of the names of the weights.</param>
    /// <param name="source">Of keys and values.</param>
    /// <param name="core">The attention.</param>
    protected virtual double[] MultiHead(double[] row, int batch, int query, string prefix, string source, AttentionProblem core)
    {
        int d = core.HeadDim;
        double[] q = Project(row, prefix + "wq", prefix + "bq"), joined = new double[core.Heads * d];
        (double[] keys, double[] values) = Keys(batch, prefix, source, core, core.VisibleKeys(query));
        int length = core.Keys * d;
        for (int head = 0; head < core.Heads; head++)
        {
            Span<double> own = q.AsSpan(head * d, d);
            if (layer is { Rotary: true } && source == "x")
                Rotate(own, QueryPosition(FirstPosition + query), layer.RotaryBase);
            if (IsLinear)
                ToFeatures(own);
            int kvHead = KvHead(core, head);
            Attend(own, keys.AsSpan(kvHead * length, length), values.AsSpan(kvHead * length, length), core, head, query, Place(joined, head, d));
        }
        return Project(joined, prefix + "wo", prefix + "bo");
    }

    /// <inheritdoc/>
    protected override double ScoreBias(AttentionProblem core, int head, int query, int key) =>
        operation is AttentionLayer { Alibi: true } ? -(double)Slope(head, core.Heads) * Distance(core, query, key) : 0;

    /// <summary>The slope of a head.</summary>
    protected virtual float Slope(int head, int heads) => SoftmaxAlibi.Slope(head, heads);

    /// <summary>The distance of a query and a key.</summary>
    protected virtual int Distance(AttentionProblem core, int query, int key) => SoftmaxAlibi.Distance(core, query, key);

    /// <summary>φ(x) = elu(x) + 1 of every channel (Katharopoulos et al. 2020, equation 7).</summary>
    protected virtual void ToFeatures(Span<double> head)
    {
        foreach (ref double x in head)
            x = Arithmetic.Round(x > 0 ? x + 1 : Math.Exp(x));
    }

    /// <inheritdoc/>
    /// <remarks>φ(q)·φ(k) where attention is linear, of queries and keys that are features already.</remarks>
    protected override double[] Weights(ReadOnlySpan<double> q, ReadOnlySpan<double> keys, AttentionProblem core, int head, int query, int[] visible) =>
        IsLinear ? Scores(q, keys) : base.Weights(q, keys, core, head, query, visible);

    /// <summary>The position that a token is rotated by.</summary>
    protected virtual int Position(int token) => token;

    /// <summary>The position that a query is rotated by.</summary>
    protected virtual int QueryPosition(int token) => Position(token);

    /// <summary>The kv head of a head.</summary>
    protected virtual int KvHead(AttentionProblem core, int head) => core.KvHead(head);

    /// <summary>Where the output of a head goes.</summary>
    protected virtual Span<double> Place(double[] joined, int head, int headDim) => joined.AsSpan(head * headDim, headDim);

    /// <summary>Where the cache has the key of a new token.</summary>
    protected virtual int CachePlace(int token) => FirstPosition + token;

    // One sequence after another; kept until the source changes, because all rows of a block need the same.
    private (int Batch, string Prefix, string Source, double[] Keys, double[] Values, bool[] Done)? known;

    /// <summary>Keys and values of a sequence, [kvHead, key, headDim], of which those in a range are computed.</summary>
    private (double[] Keys, double[] Values) Keys(int batch, string prefix, string source, AttentionProblem core, KeyRange needed)
    {
        int d = core.HeadDim, length = core.Keys * d, kept = IsCached && source == "x" ? FirstPosition : 0;
        if (known is not { } last || (last.Batch, last.Prefix, last.Source) != (batch, prefix, source))
        {
            last = (batch, prefix, source, new double[core.KvHeads * length], new double[core.KvHeads * length], new bool[core.Keys]);
            known = last;
            if (IsCached && source == "x")
            {
                LayerNumbers.Widen(Numbers["kc"].Slice(batch * last.Keys.Length, last.Keys.Length)).CopyTo(last.Keys, 0);
                LayerNumbers.Widen(Numbers["vc"].Slice(batch * last.Keys.Length, last.Keys.Length)).CopyTo(last.Values, 0);
            }
        }
        (double[] keys, double[] values) = (last.Keys, last.Values);
        // A mistaken kernel may write another place than it reads, so a cache gets all its rows.
        for (int key = Math.Max(kept, IsCached ? 0 : needed.Begin); key < (IsCached ? core.Keys : needed.End); key++)
        {
            if (last.Done[key])
                continue;
            last.Done[key] = true;
            double[] row = source == "x" ? Row("x", batch, key - kept) : Row(source, batch, key);
            if (source == "x" && layer is { PreNorm: true })
                row = Norm(row, "gain1", "shift1", layer);
            double[] k = Project(row, prefix + "wk", prefix + "bk"), v = Project(row, prefix + "wv", prefix + "bv");
            for (int head = 0; head < core.KvHeads; head++)
            {
                if (layer is { Rotary: true } && source == "x")
                    Rotate(k.AsSpan(head * d, d), Position(key), layer.RotaryBase);
                if (IsLinear)
                    ToFeatures(k.AsSpan(head * d, d));
                int place = head * length + (kept > 0 || IsCached ? CachePlace(key - kept) : key) * d;
                k.AsSpan(head * d, d).CopyTo(keys.AsSpan(place, d));
                v.AsSpan(head * d, d).CopyTo(values.AsSpan(place, d));
            }
        }
        return (keys, values);
    }

    private void Cache(RowBlock rows, Span<double> values)
    {
        int d = Problem.HeadDim;
        (int batch, int head) = Math.DivRem(rows.HeadIndex, Problem.KvHeads);
        (double[] keys, double[] all) = Keys(batch, "", "x", Problem.Core, new(0, Problem.Keys));
        for (int i = 0; i < rows.Tokens.Length; i++)
        {
            int at = (head * Problem.Keys + rows.Tokens[i]) * d;
            keys.AsSpan(at, d).CopyTo(values.Slice(2 * i * d, d));
            all.AsSpan(at, d).CopyTo(values.Slice((2 * i + 1) * d, d));
        }
    }
}
