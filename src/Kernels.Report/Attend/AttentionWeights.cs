namespace Kernels.Report.Attend;

/// <summary>
/// The weights of one head, softmax(scale·q·k + mask), in float64: what the page computes in its script, and what the tests compare that
/// with. Weights have no unit; those of a row sum to 1.
/// </summary>
public sealed class AttentionWeights
{
    private readonly AttentionView view;
    private readonly double[] values;

    private AttentionWeights(AttentionView view, double[] values) => (this.view, this.values) = (view, values);

    /// <summary>Tokens that ask, the rows.</summary>
    public int Queries => view.QueryTokens.Count;

    /// <summary>Tokens that are asked, the columns.</summary>
    public int Keys => view.KeyTokens.Count;

    /// <summary>Mean of <see cref="Entropy"/> over all rows, in bits.</summary>
    public double MeanEntropy => Enumerable.Range(0, Queries).Average(Entropy);

    /// <summary>Mean of <see cref="Distance"/> over all rows, in tokens.</summary>
    public double MeanDistance => Enumerable.Range(0, Queries).Average(Distance);

    /// <summary>The weight of a key for a query; 0 where the mask hides it.</summary>
    public double this[int query, int key] => Row(query)[key];

    /// <summary>Computes the weights of a head.</summary>
    /// <param name="view">Queries, keys and mask.</param>
    /// <param name="layer">From 0.</param>
    /// <param name="head">From 0.</param>
    /// <param name="multiple">The scale as a multiple of 1/√d: 1 is that of the model.</param>
    public static AttentionWeights Of(AttentionView view, int layer, int head, double multiple = 1)
    {
        int queries = view.QueryTokens.Count, keys = view.KeyTokens.Count;
        double[] values = new double[queries * keys];
        for (int query = 0; query < queries; query++)
            Softmax(view, layer, head, query, multiple, values.AsSpan(query * keys, keys));
        return new AttentionWeights(view, values);
    }

    /// <summary>The weights of one query at the scale of the model, [keys]; arguments as in <see cref="Of"/>.</summary>
    public static double[] RowOf(AttentionView view, int layer, int head, int query)
    {
        double[] row = new double[view.KeyTokens.Count];
        Softmax(view, layer, head, query, multiple: 1, row);
        return row;
    }

    /// <summary>The weights of a query, [keys].</summary>
    public ReadOnlySpan<double> Row(int query) => values.AsSpan(query * Keys, Keys);

    /// <summary>The sum of a row as computed: 1 but for rounding.</summary>
    public double Sum(int query)
    {
        double sum = 0;
        foreach (double weight in Row(query))
            sum += weight;
        return sum;
    }

    /// <summary>
    /// −Σ w·log₂ w of a row, in bits: 0 where one key has all, log₂ of the number of visible keys where all have the same.
    /// </summary>
    public double Entropy(int query)
    {
        double bits = 0;
        foreach (double weight in Row(query))
            bits -= weight > 0 ? weight * Math.Log2(weight) : 0;
        return bits;
    }

    /// <summary>Σ w·|query − key| of a row: how many tokens away it looks on average. Between two texts it means little.</summary>
    public double Distance(int query)
    {
        double distance = 0;
        for (int key = 0; key < Keys; key++)
            distance += this[query, key] * Math.Abs(query - key);
        return distance;
    }

    private static void Softmax(AttentionView view, int layer, int head, int query, double multiple, Span<double> row)
    {
        AttentionTensors tensors = view.Tensors;
        double scale = multiple / Math.Sqrt(tensors.HeadDim), max = double.NegativeInfinity, sum = 0;
        ReadOnlySpan<float> q = tensors.Query(layer, head, query);
        for (int key = 0; key < row.Length; key++)
        {
            if (view.Sees(query, key))
                max = Math.Max(max, row[key] = scale * Dot(q, tensors.Key(layer, head, key)));
        }
        for (int key = 0; key < row.Length; key++)
            sum += row[key] = view.Sees(query, key) ? Math.Exp(row[key] - max) : 0;
        foreach (ref double weight in row)
            weight /= sum;
    }

    // A product of two float32 is exact in float64.
    private static double Dot(ReadOnlySpan<float> q, ReadOnlySpan<float> k)
    {
        double sum = 0;
        for (int channel = 0; channel < q.Length; channel++)
            sum += (double)q[channel] * k[channel];
        return sum;
    }
}
