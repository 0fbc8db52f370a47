using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The gradients of one kv head and its query heads in float64, pair by pair. A pair has the weight w = f·φ(q)·φ(k)/z and the gradient
/// g = f·(dO·v − D)/z, of which dV sums w·dO, dQ sums g·φ(k) and dK sums g·φ(q): f is the factor of retention and 1 in linear attention; z and D
/// are 1 and 0 in retention, whose φ(x) is x.
/// </summary>
internal sealed class LinearGradients
{
    private const double Unit = RoundingNoise.ExpectedErrors * RoundingNoise.Rounding;

    private readonly AttentionProblem problem;
    private readonly bool isNormalised, isMoved;
    private readonly int firstHead;
    private readonly float[] v, gradO;
    private readonly double[] queries, keys, sums, rowSums, factors;
    private SeededNormal random;

    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Of all heads.</param>
    /// <param name="kvIndex">The kv head, counted through all batches.</param>
    /// <param name="sample">
    /// When given, every input is moved by one unit in the last place, up or down at random, and every sum over channels or keys by a rounding error
    /// of float32 (<see cref="RoundingNoise"/>).
    /// </param>
    public LinearGradients(LinearBackward operation, Inputs inputs, int kvIndex, int? sample = null)
    {
        problem = (AttentionProblem)inputs.Problem;
        (isNormalised, isMoved) = (operation is LinearEluBackward, sample is not null);
        random = new SeededNormal(kvIndex, sample ?? 0);
        int group = problem.Heads / problem.KvHeads, rows = group * problem.Queries;
        firstHead = kvIndex % problem.KvHeads * group;
        float[] Moved(string name, int length)
        {
            float[] numbers = inputs[name].Slice(kvIndex * length, length).ToArray();
            if (isMoved)
                UnitSteps.Move(numbers, ref random);
            return numbers;
        }
        queries = Features(Moved("q", rows * problem.HeadDim));
        keys = Features(Moved("k", problem.Keys * problem.HeadDim));
        v = Moved("v", problem.Keys * problem.ValueDim);
        gradO = Moved("do", rows * problem.ValueDim);
        (sums, rowSums) = (new double[rows], new double[rows]);
        Array.Fill(sums, 1);
        factors = operation is RetentionBackward retention ? PowersOf(retention.Forward.Decay(kvIndex % problem.KvHeads)) : [];
        if (isNormalised)
            Normalise(Moved("o", rows * problem.ValueDim));
    }

    /// <summary>dq of a query of one of the heads, [headDim].</summary>
    /// <param name="row">Its number among those of the query heads.</param>
    /// <param name="values">The gradient.</param>
    /// <param name="variance">Receives what float32 adds by rounding the sums over pairs; may be empty.</param>
    public void Query(int row, Span<double> values, Span<double> variance = default)
    {
        var sum = new GradientSums(problem.HeadDim, !variance.IsEmpty);
        foreach (int key in KeysOf(row))
            sum.Add(PairOf(row, key), Row(keys, key, problem.HeadDim));
        sum.CopyTo(values, variance, isNormalised ? Row(queries, row, problem.HeadDim) : []);
    }

    /// <summary>dk [headDim] and dv [valueDim] of a key; see <see cref="Query"/>.</summary>
    public void Key(int key, Span<double> values, Span<double> variance = default)
    {
        int d = problem.HeadDim, group = problem.Heads / problem.KvHeads;
        GradientSums sum = new(d, !variance.IsEmpty), outputs = new(problem.ValueDim, !variance.IsEmpty);
        double[] gradient = new double[problem.ValueDim];
        foreach ((int head, int query) in GradientRow.Seeing(problem, firstHead / group, key))
        {
            int row = (head - firstHead) * problem.Queries + query;
            LinearPair pair = PairOf(row, key);
            sum.Add(pair, Row(queries, row, d));
            for (int c = 0; c < gradient.Length; c++)
                gradient[c] = gradO[row * gradient.Length + c];
            outputs.Add(new(pair.Weight, pair.Weight, 0), gradient);
        }
        sum.CopyTo(values[..d], variance.IsEmpty ? [] : variance[..d], isNormalised ? Row(keys, key, d) : []);
        outputs.CopyTo(values[d..], variance.IsEmpty ? [] : variance[d..], []);
    }

    private double[] Features(float[] numbers) => [.. numbers.Select(x => isNormalised ? LinearEluReference.Feature(x) : x)];

    private double[] PowersOf(double decay) => [.. Enumerable.Range(0, problem.Keys).Select(n => problem.Scale * Math.Pow(decay, n))];

    private static ReadOnlySpan<T> Row<T>(T[] rows, int row, int channels) => rows.AsSpan(row * channels, channels);

    private IEnumerable<int> KeysOf(int row)
    {
        (int head, int query) = Math.DivRem(row, problem.Queries);
        KeyRange visible = problem.VisibleKeys(query);
        return problem.Mask.IsContiguous ? Enumerable.Range(visible.Begin, visible.Length) : VisibleKeys.Of(problem, firstHead + head, query);
    }

    /// <summary>z = φ(q)·Σφ(k) and D = dO·o of every row.</summary>
    private void Normalise(float[] o)
    {
        int d = problem.HeadDim, valueDim = problem.ValueDim;
        var features = new FeatureSums(problem, firstHead, keys);
        for (int row = 0; row < sums.Length; row++)
        {
            (int head, int query) = Math.DivRem(row, problem.Queries);
            features.MoveTo(head, query);
            (sums[row], double error) = features.Times(Row(queries, row, d));
            ReadOnlySpan<float> gradient = Row(gradO, row, valueDim), output = Row(o, row, valueDim);
            rowSums[row] = CompensatedSum.Dot(gradient, output);
            if (!isMoved)
                continue;
            sums[row] += random.Next() * Unit * Math.Sqrt(error);
            rowSums[row] += random.Next() * Unit * Math.Sqrt(Rounding(gradient, output));
        }
    }

    private LinearPair PairOf(int row, int key)
    {
        int query = row % problem.Queries, d = problem.HeadDim, valueDim = problem.ValueDim;
        double factor = factors.Length == 0 ? 1 : factors[problem.VisibleKeys(query).End - 1 - key];
        ReadOnlySpan<double> a = Row(queries, row, d), b = Row(keys, key, d);
        ReadOnlySpan<float> gradient = Row(gradO, row, valueDim), value = Row(v, key, valueDim);
        var dot = new CompensatedSum();
        for (int c = 0; c < d; c++)
            dot.Add(a[c] * b[c]);
        double weight = dot.Value, product = CompensatedSum.Dot(gradient, value), share = factor / sums[row];
        if (isMoved)
        {
            weight += random.Next() * Unit * Math.Sqrt(Rounding(a, b));
            product += random.Next() * Unit * Math.Sqrt(Rounding(gradient, value));
            // Features, factors of a pair, division.
            share *= 1 + random.Next() * Unit * Math.Sqrt(RoundingNoise.ExponentialRoundings);
        }
        return new(share * weight, share * product, share * rowSums[row]);
    }

    private static double Rounding(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = new OrderedSum();
        for (int c = 0; c < a.Length; c++)
            sum.Add((double)a[c] * b[c]);
        return sum.Variance;
    }

    private static double Rounding(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = new OrderedSum();
        for (int c = 0; c < a.Length; c++)
            sum.Add(a[c] * b[c]);
        return sum.Variance;
    }
}
