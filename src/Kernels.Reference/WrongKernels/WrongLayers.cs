using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Layers with one mistake each.</summary>
internal static class WrongLayers
{
    private enum Mistake
    {
        BiasForgotten, HeadsReversed, HeadReversed, KeysOfFirstGroup, ScoresNotScaled, CrossReadsDecoder, ResidualTwice, ResidualForgotten, NormWithoutMean,
        NormOfOneLess, NormOverHead, GainTwice, GeluByTanh, GateNotApplied, PairsSwapped, QueryOneLater, PositionsFromZero, CacheOneLate, PreIsPost, FutureSeen,
        AlibiForgotten, SlopeNegative, SlopeOfNextHead, DistanceFromNext, NoDistanceAhead, SoftmaxKept, EluNotRaised,
        MatricesTurned,
    }

    private static readonly (Mistake Mistake, string Name, string What, Func<LayerOperation, bool> Of)[] all =
    [
        (Mistake.BiasForgotten, "no-bias", "forgets the bias of the values", operation => operation is MultiHeadAttention),
        (Mistake.HeadsReversed, "heads-reversed", "concatenates the heads in reverse order", operation => operation is MultiHeadAttention),
        (Mistake.HeadReversed, "head-reversed", "writes the channels of a head in reverse order", operation =>
            operation is MultiHeadAttention { Cross: false }),
        (Mistake.KeysOfFirstGroup, "first-group", "reads the keys of the first group of heads for all", operation => operation is MultiHeadAttention),
        (Mistake.ScoresNotScaled, "no-scale", "does not scale the scores", operation => operation is MultiHeadAttention { Cross: true }),
        (Mistake.FutureSeen, "sees-future", "shows later tokens where they are masked", operation => operation is MultiHeadAttention { Cross: false }),
        (Mistake.CrossReadsDecoder, "cross-reads-decoder", "takes keys and values of the cross-attention from the decoder", operation =>
            operation is TransformerLayer { Cross: true }),
        (Mistake.ResidualTwice, "residual-twice", "adds the residual twice", operation => operation is TransformerLayer { PreNorm: false, Cross: false }),
        (Mistake.ResidualForgotten, "no-residual", "forgets the residual", operation => operation is TransformerLayer { PreNorm: true, Rotary: false }),
        (Mistake.NormWithoutMean, "norm-without-mean", "does not subtract the mean in norms", operation =>
            operation is TransformerLayer { RootMeanSquare: false, Cross: false }),
        (Mistake.NormOfOneLess, "norm-of-one-less", "divides the squares of norms by width − 1", operation =>
            operation is TransformerLayer { PreNorm: false, Cross: false }),
        (Mistake.NormOverHead, "norm-over-head", "takes norms over the channels of a head each", operation => operation is TransformerLayer { Cross: true }),
        (Mistake.GainTwice, "gain-twice", "uses the gain of the first norm for the second too", operation =>
            operation is TransformerLayer { Cross: false, Cached: false }),
        (Mistake.GeluByTanh, "gelu-by-tanh", "computes GELU by its tanh approximation", operation =>
            operation is TransformerLayer { Activation: Activation.Gelu }),
        (Mistake.GateNotApplied, "gate-swapped", "applies silu to the other product", operation =>
            operation is TransformerLayer { Activation: Activation.SwiGlu, Cached: false }),
        (Mistake.PairsSwapped, "adjacent-pairs", "rotates adjacent channels", operation => operation is TransformerLayer { Rotary: true, Cached: false }),
        (Mistake.QueryOneLater, "query-one-later", "rotates queries by the position after theirs", operation =>
            operation is TransformerLayer { Rotary: true, Cached: false }),
        (Mistake.PositionsFromZero, "positions-from-zero", "counts positions of new tokens from zero", operation =>
            operation is TransformerLayer { Cached: true }),
        (Mistake.CacheOneLate, "cache-one-late", "writes keys and values one place before theirs", operation => operation is TransformerLayer { Cached: true }),
        (Mistake.AlibiForgotten, "no-alibi", "forgets the biases of the scores", operation => operation is AttentionLayer { Alibi: true }),
        (Mistake.SlopeNegative, "alibi-sign", "lets scores grow with the distance", operation => operation is AttentionLayer { Alibi: true }),
        (Mistake.SlopeOfNextHead, "alibi-of-next-head", "takes the slope of the next head", operation => operation is AttentionLayer { Alibi: true }),
        // Under a causal mask it moves all distances of a row by one, which the softmax takes out; with keys on both sides it does not.
        (Mistake.DistanceFromNext, "alibi-one-later", "takes the position after that of the query", operation => operation is AttentionLayer { Alibi: true }),
        (Mistake.NoDistanceAhead, "alibi-behind-only", "takes no distance where the key comes after the query", operation =>
            operation is AttentionLayer { Alibi: true }),
        (Mistake.PreIsPost, "norms-after", "puts norms after the sublayers", operation => operation is TransformerLayer { PreNorm: true, Cached: false }),
        (Mistake.MatricesTurned, "matrices-turned", "reads [out, in] matrices as [in, out]", operation =>
            operation is TransformerLayer { WeightOrder: WeightOrder.OutIn }),
        (Mistake.SoftmaxKept, "softmax-kept", "takes the weights of a softmax", operation => operation is AttentionLayer { Linear: true }),
        (Mistake.EluNotRaised, "elu-not-raised", "takes elu(x) without 1 as features", operation => operation is AttentionLayer { Linear: true }),
    ];

    /// <summary>Those of an operation.</summary>
    public static IReadOnlyList<WrongKernel> Create(LayerOperation operation) =>
    [
        .. all.Where(each => each.Of(operation) && (operation is not AttentionLayer { Linear: true } || IsOfLinear(each.Mistake)))
            .Select(each => new WrongKernel(
            new FormulaKernel(each.Name, each.What, operation, (own, arithmetic, problem, numbers) =>
                new Mistaken(each.Mistake, own, arithmetic, problem, numbers)),
            FailureKind.Inaccurate, FailureKind.InaccurateOnAverage)),
    ];

    // What is around the attention is the same as in a layer with softmax, which has the other mistakes.
    private static bool IsOfLinear(Mistake mistake) => mistake is Mistake.SoftmaxKept or Mistake.EluNotRaised;

    private sealed class Mistaken(Mistake mistake, LayerOperation operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
        : TransformerFormula(operation, arithmetic, problem, numbers)
    {
        protected override WeightOrder Order => mistake == Mistake.MatricesTurned ? WeightOrder.InOut : base.Order;

        protected override string CrossSource => mistake == Mistake.CrossReadsDecoder && Problem.Queries == Problem.Keys ? "x" : "c";

        protected override double[] Project(ReadOnlySpan<double> x, string w, string b)
        {
            double[] y = base.Project(x, w, b);
            for (int c = 0; mistake == Mistake.BiasForgotten && b == "bv" && c < y.Length; c++)
                y[c] -= Numbers[b][c];
            return y;
        }

        protected override Span<double> Place(double[] joined, int head, int headDim) => mistake == Mistake.HeadsReversed
            ? base.Place(joined, joined.Length / headDim - 1 - head, headDim)
            : base.Place(joined, head, headDim);

        protected override double[] MultiHead(double[] row, int batch, int query, string prefix, string source, AttentionProblem core) =>
            base.MultiHead(row, batch, query, prefix, source, mistake switch
            {
                Mistake.ScoresNotScaled => new(core.Batch, core.Heads, core.KvHeads, core.Queries, core.Keys, core.HeadDim, core.Mask, 1),
                Mistake.FutureSeen => new(core.Batch, core.Heads, core.KvHeads, core.Queries, core.Keys, core.HeadDim, AttentionMask.Full, core.Scale),
                _ => core,
            });

        protected override void Attend(
            ReadOnlySpan<double> q, ReadOnlySpan<double> keys, ReadOnlySpan<double> values, AttentionProblem core, int head, int query, Span<double> output)
        {
            double[] own = q.ToArray();
            base.Attend(own, keys, values, core, head, query, output);
            if (mistake == Mistake.HeadReversed)
                output.Reverse();
        }

        protected override double ScoreBias(AttentionProblem core, int head, int query, int key) =>
            mistake == Mistake.AlibiForgotten ? 0 : base.ScoreBias(core, head, query, key);

        protected override float Slope(int head, int heads) => mistake switch
        {
            Mistake.SlopeNegative => -base.Slope(head, heads),
            Mistake.SlopeOfNextHead => base.Slope((head + 1) % heads, heads),
            _ => base.Slope(head, heads),
        };

        protected override int Distance(AttentionProblem core, int query, int key) => mistake switch
        {
            Mistake.DistanceFromNext => Math.Abs(core.QueryStart + query + 1 - (core.KeyStart + key)),
            Mistake.NoDistanceAhead when core.KeyStart + key > core.QueryStart + query => 0,
            _ => base.Distance(core, query, key),
        };

        protected override void ToFeatures(Span<double> head)
        {
            if (mistake == Mistake.SoftmaxKept)
                return;
            base.ToFeatures(head);
            for (int c = 0; mistake == Mistake.EluNotRaised && c < head.Length; c++)
                head[c] -= 1;
        }

        protected override double[] Weights(ReadOnlySpan<double> q, ReadOnlySpan<double> keys, AttentionProblem core, int head, int query, int[] visible)
        {
            double[] weights = base.Weights(q, keys, core, head, query, visible);
            return mistake == Mistake.SoftmaxKept ? [.. weights.Select(score => Math.Exp(score * core.Scale))] : weights;
        }

        protected override int KvHead(AttentionProblem core, int head) => mistake == Mistake.KeysOfFirstGroup ? 0 : base.KvHead(core, head);

        protected override double[] Sublayer(double[] x, string gain, string shift, Func<double[], double[]> compute) => mistake == Mistake.PreIsPost
            ? Norm(Add(x, compute(x)), gain, shift, (TransformerLayer)Operation)
            : base.Sublayer(x, gain, shift, compute);

        protected override double[] Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => mistake switch
        {
            Mistake.ResidualTwice => base.Add(x, base.Add(x, y)),
            Mistake.ResidualForgotten => y.ToArray(),
            _ => base.Add(x, y),
        };

        protected override double[] Norm(ReadOnlySpan<double> x, string gain, string shift, TransformerLayer layer)
        {
            if (mistake == Mistake.NormWithoutMean)
                return base.Norm(x, gain, shift, layer with { RootMeanSquare = true });
            if (mistake == Mistake.GainTwice)
                return base.Norm(x, "gain1", shift, layer);
            if (mistake == Mistake.NormOverHead)
                return OverHeads(x, gain, shift, layer);
            double[] normed = base.Norm(x, gain, shift, layer);
            double factor = mistake == Mistake.NormOfOneLess && x.Length > 1 ? Math.Sqrt((x.Length - 1.0) / x.Length) : 1;
            for (int c = 0; c < normed.Length; c++)
                normed[c] = (normed[c] - Numbers[shift][c]) * factor + Numbers[shift][c];
            return normed;
        }

        private double[] OverHeads(ReadOnlySpan<double> x, string gain, string shift, TransformerLayer layer)
        {
            int size = Math.Max(1, (x.Length - 1) / Problem.Heads + 1);
            double[] all = new double[x.Length];
            for (int begin = 0; begin < x.Length; begin += size)
            {
                // Norms of a part, with the gains and shifts of that part: those of the whole are taken from the whole.
                int length = Math.Min(size, x.Length - begin);
                double mean = 0, square = 0;
                for (int c = begin; c < begin + length; c++)
                    mean += x[c] / length;
                for (int c = begin; c < begin + length; c++)
                    square += (x[c] - mean) * (x[c] - mean) / length;
                for (int c = begin; c < begin + length; c++)
                    all[c] = (x[c] - mean) / Math.Sqrt(square + layer.Epsilon) * Numbers[gain][c] + Numbers[shift][c];
            }
            return all;
        }

        protected override double[] FeedForward(ReadOnlySpan<double> x, TransformerLayer layer)
        {
            if (mistake != Mistake.GateNotApplied)
                return base.FeedForward(x, layer);
            double[] first = Project(x, "w1", "b1"), second = Project(x, "w3", "b3");
            for (int c = 0; c < first.Length; c++)
                first[c] *= Activate(second[c], layer.Activation);
            return Project(first, "w2", "b2");
        }

        protected override double Activate(double x, Activation activation) => mistake == Mistake.GeluByTanh
            ? 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))
            : base.Activate(x, activation);

        protected override void Rotate(Span<double> head, int position, double wavelengths)
        {
            if (mistake != Mistake.PairsSwapped)
            {
                base.Rotate(head, position, wavelengths);
                return;
            }
            double[] pairs = head.ToArray();
            int half = head.Length / 2;
            for (int i = 0; i < half; i++)
                (pairs[i], pairs[i + half]) = (head[2 * i], head[2 * i + 1]);
            base.Rotate(pairs, position, wavelengths);
            for (int i = 0; i < half; i++)
                (head[2 * i], head[2 * i + 1]) = (pairs[i], pairs[i + half]);
        }

        protected override int QueryPosition(int token) => mistake == Mistake.QueryOneLater ? token + 1 : base.QueryPosition(token);

        protected override int Position(int token) => mistake == Mistake.PositionsFromZero && token >= FirstPosition ? token - FirstPosition : token;

        protected override int CachePlace(int token) => mistake == Mistake.CacheOneLate ? Math.Max(0, base.CachePlace(token) - 1) : base.CachePlace(token);
    }
}
