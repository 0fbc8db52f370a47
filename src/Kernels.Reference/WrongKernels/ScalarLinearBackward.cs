using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Scalar gradients of linear attention or retention, pair by pair in float64, with replaceable steps. With the default steps it is right, and the
/// gate must pass it; each wrong kernel replaces one step.
/// </summary>
internal sealed class ScalarLinearBackward(LinearBackward operation) : AttentionKernel
{
    /// <summary>How often a pair counts.</summary>
    public delegate double PairCount(AttentionProblem problem, int query, int key);

    /// <summary>The exponent of the decay between a query that sees keys up to an end, and a key.</summary>
    public delegate int Distance(int end, int key);

    public override KernelInfo Info => new($"wrong-{operation.Name}-{Name}", Mistake, operation);

    public string Name { get; init; } = "control";

    public string Mistake { get; init; } = "none: this one is right";

    /// <summary>How often a pair counts in dQ.</summary>
    public PairCount CountOfQ { get; init; } = Sees;

    /// <summary>How often a pair counts in dK and dV.</summary>
    public PairCount CountOfK { get; init; } = Sees;

    /// <summary>φ′.</summary>
    public Func<double, double> Slope { get; init; } = x => operation is not LinearEluBackward || x > 0 ? 1 : Math.Exp(x);

    /// <summary>D from dO·o.</summary>
    public Func<double, double> RowSum { get; init; } = sum => sum;

    /// <summary>What gradients are divided by, from z.</summary>
    public Func<double, double> Divisor { get; init; } = sum => sum;

    /// <summary>The exponents of the decay in dQ, dK and dV.</summary>
    public Distance DistanceOfQ { get; init; } = Usual;

    public Distance DistanceOfK { get; init; } = Usual;

    public Distance DistanceOfV { get; init; } = Usual;

    /// <summary>The scale in dK, from that of the problem.</summary>
    public Func<float, float> ScaleOfK { get; init; } = scale => scale;

    /// <summary>Whether dQ is added to at a key; otherwise it is overwritten.</summary>
    public Func<int, bool> AddsToQ { get; init; } = _ => true;

    /// <summary>Whether dK and dV are added to over the heads that share them.</summary>
    public bool AddsHeads { get; init; } = true;

    /// <summary>Whether dQ reads the transposed state, where keys and values are equally wide.</summary>
    public bool Transposes { get; init; }

    /// <summary>Runs over finished rows of dK.</summary>
    public Action<double[]> Finish { get; init; } = _ => { };

    protected override Takes Takes => Takes.ValueDim | Takes.Strides;

    protected override Plan PlanFor(AttentionProblem problem) =>
        problem.Mask is FullMask or CausalMask ? new(problem.Batch * problem.KvHeads) : Refuse("a state takes full and causal masks");

    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int group = problem.Heads / problem.KvHeads;
        var own = new Own(call, batch, kvHead, Features);
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
        {
            if (!AddsHeads)
                own = new(call, batch, kvHead, Features);
            for (int query = 0; query < problem.Queries; query++)
                AddRow(call, own, batch, head, kvHead, query);
        }
        for (int key = 0; key < problem.Keys; key++)
        {
            double[] k = Widen(call.K.Row<float>(batch, kvHead, key));
            for (int c = 0; c < k.Length; c++)
                own.GradK[key][c] *= Slope(k[c]);
            Finish(own.GradK[key]);
            Write(own.GradK[key], call[operation.GradK].Row<float>(batch, kvHead, key));
            Write(own.GradV[key], call[operation.GradV].Row<float>(batch, kvHead, key));
        }
    }

    private static double Sees(AttentionProblem problem, int query, int key) => problem.VisibleKeys(query).Contains(key) ? 1 : 0;

    private static int Usual(int end, int key) => end - 1 - key;

    private void AddRow(in AttentionCall call, Own own, int batch, int head, int kvHead, int query)
    {
        AttentionProblem problem = call.Problem;
        double[] q = Widen(call.Q.Row<float>(batch, head, query)), a = Features(q), gradO = Widen(call[operation.GradO].Row<float>(batch, head, query));
        double[] gradQ = new double[q.Length];
        int end = problem.VisibleKeys(query).End;
        double sum = 1, rowSum = 0;
        if (operation.TakesOutput)
        {
            sum = Divisor(Enumerable.Range(0, end).Sum(key => Dot(a, own.Features[key])));
            rowSum = RowSum(Dot(gradO, Widen(call.O.Row<float>(batch, head, query))));
        }
        for (int key = 0; key < problem.Keys; key++)
        {
            double[] b = own.Features[key], value = own.Values[key];
            double product = Dot(gradO, value) - rowSum, inQ = CountOfQ(problem, query, key), inK = CountOfK(problem, query, key);
            double Factor(Distance distance) =>
                operation is RetentionBackward retention ? Math.Pow(retention.Forward.Decay(kvHead), distance(end, key)) / sum : 1 / sum;
            double scale = operation is RetentionBackward ? problem.Scale : 1, scaleOfK = operation is RetentionBackward ? ScaleOfK(problem.Scale) : 1;
            if (!AddsToQ(key))
                Array.Clear(gradQ);
            if (inQ > 0 && Transposes && q.Length == value.Length)
                Add(value, inQ * scale * Factor(DistanceOfQ) * (Dot(gradO, b) - rowSum), gradQ);
            else if (inQ > 0)
                Add(b, inQ * scale * Factor(DistanceOfQ) * product, gradQ);
            if (inK == 0)
                continue;
            Add(a, inK * scaleOfK * Factor(DistanceOfK) * product, own.GradK[key]);
            Add(gradO, inK * scale * Factor(DistanceOfV) * Dot(a, b), own.GradV[key]);
        }
        for (int c = 0; c < q.Length; c++)
            gradQ[c] *= Slope(q[c]);
        Write(gradQ, call[operation.GradQ].Row<float>(batch, head, query));
    }

    private double[] Features(double[] row) => operation is LinearEluBackward ? [.. row.Select(LinearEluReference.Feature)] : row;

    private static double[] Widen(ReadOnlySpan<float> row)
    {
        double[] wide = new double[row.Length];
        for (int c = 0; c < wide.Length; c++)
            wide[c] = row[c];
        return wide;
    }

    private static void Write(double[] row, Span<float> target)
    {
        for (int c = 0; c < target.Length; c++)
            target[c] = (float)row[c];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += a[c] * b[c];
        return sum;
    }

    private static void Add(double[] source, double factor, double[] sums) => DoubleRow.AddScaled(source, factor, sums);

    /// <summary>Keys, values and gradients of a kv head.</summary>
    private sealed class Own
    {
        public Own(in AttentionCall call, int batch, int kvHead, Func<double[], double[]> features)
        {
            AttentionProblem problem = call.Problem;
            (Features, Values) = (new double[problem.Keys][], new double[problem.Keys][]);
            (GradK, GradV) = (new double[problem.Keys][], new double[problem.Keys][]);
            for (int key = 0; key < problem.Keys; key++)
            {
                Features[key] = features(Widen(call.K.Row<float>(batch, kvHead, key)));
                Values[key] = Widen(call.V.Row<float>(batch, kvHead, key));
                (GradK[key], GradV[key]) = (new double[problem.HeadDim], new double[problem.ValueDim]);
            }
        }

        public double[][] Features { get; }

        public double[][] Values { get; }

        public double[][] GradK { get; }

        public double[][] GradV { get; }
    }
}
