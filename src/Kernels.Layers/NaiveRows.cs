using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>The rows of <see cref="NaiveLayer"/> in one call.</summary>
internal readonly unsafe ref struct NaiveRows
{
    private readonly ref readonly Call call;
    private readonly AttentionLayer operation;
    private readonly TransformerLayer? layer;
    private readonly LayerProblem problem;
    private readonly NaiveLayer.NaivePlan plan;

    public NaiveRows(in Call call, AttentionLayer operation)
    {
        this.call = ref call;
        this.operation = operation;
        layer = operation as TransformerLayer;
        problem = (LayerProblem)call.Problem;
        plan = (NaiveLayer.NaivePlan)call.Plan;
    }

    private bool IsLinear => operation.Linear;

    private int FirstPosition => layer is { Cached: true } ? problem.Keys - problem.Queries : 0;

    /// <summary>Key and value of a token.</summary>
    /// <param name="source">The operand with its row.</param>
    /// <param name="isCross">Whether they are those of the attention of a decoder to an encoder.</param>
    /// <param name="row">The token, counted through all sequences.</param>
    public void Keys(string source, bool isCross, int row)
    {
        int width = problem.Width, d = problem.HeadDim, tokens = source == "x" ? problem.Queries : problem.Keys;
        (int batch, int token) = Math.DivRem(row, tokens);
        int weights = Weights(isCross);
        float* x = Numbers(Place(source)) + (nint)row * width;
        if (source == "x" && layer is { PreNorm: true })
            x = Norm(x, "gain1", (float*)call.Own);
        for (int head = 0; head < problem.KvHeads; head++)
        {
            float* key = KeyRow(isCross, 0, batch, head, FirstPosition + token), value = KeyRow(isCross, 1, batch, head, FirstPosition + token);
            Project(x, width, weights + 2, problem.KeyWidth, head * d, d, key);
            Project(x, width, weights + 4, problem.KeyWidth, head * d, d, value);
            if (layer is { Rotary: true } && source == "x")
                Rotate(key, FirstPosition + token);
            if (IsLinear)
                ToFeatures(key);
        }
    }

    /// <summary>One row of the output.</summary>
    public void Output(int row)
    {
        int width = problem.Width;
        float* x = Numbers(LayerOperation.X) + (nint)row * width, y = Numbers(Place("y")) + (nint)row * width,
            normed = (float*)call.Own, h = normed + width, sub = h + width;
        if (layer is null)
        {
            MultiHead(x, row, isCross: false, plan.Self, y);
            return;
        }
        MultiHead(layer.PreNorm ? Norm(x, "gain1", normed) : x, row, isCross: false, plan.Self, sub);
        Join(x, sub, "gain1", h);
        if (layer.Cross)
        {
            MultiHead(layer.PreNorm ? Norm(h, "cgain", normed) : h, row, isCross: true, plan.Cross, sub);
            Join(h, sub, "cgain", h);
        }
        FeedForward(layer.PreNorm ? Norm(h, "gain2", normed) : h, sub);
        Join(h, sub, "gain2", y);
    }

    // h = x + sub, and its norm where norms come after.
    private void Join(float* x, float* sub, string gain, float* h)
    {
        for (int c = 0; c < problem.Width; c++)
            h[c] = x[c] + sub[c];
        if (!layer!.PreNorm)
            Norm(h, gain, h);
    }

    private void MultiHead(float* x, int row, bool isCross, AttentionProblem core, float* output)
    {
        int d = problem.HeadDim, projections = Weights(isCross);
        (int batch, int query) = Math.DivRem(row, problem.Queries);
        float* joined = (float*)call.Own + 4 * (nint)problem.Width, q = joined + problem.QueryWidth, weights = q + problem.QueryWidth;
        for (int head = 0; head < problem.Heads; head++)
        {
            float* o = joined + head * d;
            int kvHead = core.KvHead(head);
            Project(x, problem.Width, projections, problem.QueryWidth, head * d, d, q);
            if (layer is { Rotary: true } && !isCross)
                Rotate(q, FirstPosition + query);
            if (IsLinear)
                ToFeatures(q);
            MaskedHead masked = core.Head(head);
            KeyRange visible = core.VisibleKeys(query);
            float max = float.NegativeInfinity, sum = 0, slope = operation.Alibi ? SoftmaxAlibi.Slope(head, problem.Heads) : 0;
            for (int key = visible.Begin; key < visible.End; key++)
            {
                float* k = KeyRow(isCross, 0, batch, kvHead, key);
                float score = 0;
                for (int c = 0; c < d; c++)
                    score += q[c] * k[c];
                if (IsLinear)
                {
                    weights[key] = core.Mask.Count(masked, query, key) == 0 ? 0 : score;
                    continue;
                }
                weights[key] = core.Mask.Count(masked, query, key) == 0 ? float.NegativeInfinity
                    : score * core.Scale - slope * SoftmaxAlibi.Distance(core, query, key);
                max = weights[key] > max || float.IsNaN(weights[key]) ? weights[key] : max;
            }
            new Span<float>(o, d).Clear();
            for (int key = visible.Begin; key < visible.End; key++)
            {
                float weight = IsLinear ? weights[key] : MathF.Exp(weights[key] - max);
                float* v = KeyRow(isCross, 1, batch, kvHead, key);
                sum += weight;
                for (int c = 0; c < d; c++)
                    o[c] += weight * v[c];
            }
            for (int c = 0; c < d && !visible.IsEmpty; c++)
                o[c] /= sum;
        }
        Project(joined, problem.QueryWidth, projections + 6, problem.Width, 0, problem.Width, output);
    }

    private void FeedForward(float* x, float* output)
    {
        float* hidden = (float*)call.Own + 4 * (nint)problem.Width + 2 * (nint)problem.QueryWidth + Math.Max(problem.Queries, problem.Keys),
            gate = hidden + problem.Hidden;
        Project(x, problem.Width, Place("w1"), problem.Hidden, 0, problem.Hidden, hidden);
        if (layer!.Activation == Activation.SwiGlu)
            Project(x, problem.Width, Place("w3"), problem.Hidden, 0, problem.Hidden, gate);
        for (int c = 0; c < problem.Hidden; c++)
        {
            hidden[c] = Textbook.Activate(layer.Activation, hidden[c]);
            if (layer.Activation == Activation.SwiGlu)
                hidden[c] *= gate[c];
        }
        Project(hidden, problem.Hidden, Place("w2"), problem.Width, 0, problem.Width, output);
    }

    // output[c] = Σ x[i]·W[i, begin + c] + b[begin + c], or with W[begin + c, i].
    private void Project(float* x, int depth, int place, int width, int begin, int count, float* output)
    {
        for (int c = 0; c < count; c++)
            output[c] = Textbook.Number(call, operation.WeightOrder, x, depth, place, width, begin + c);
    }

    private float* Norm(float* x, string gain, float* output)
    {
        int width = problem.Width;
        float* gains = Numbers(Place(gain)), shifts = Numbers(Place(gain) + 1);
        (float mean, float factor) = Textbook.Norm(x, width, layer!.RootMeanSquare, layer.Epsilon);
        for (int c = 0; c < width; c++)
            output[c] = (x[c] - mean) * factor * gains[c] + shifts[c];
        return output;
    }

    private void Rotate(float* head, int position) => Textbook.Rotate(head, head, problem.HeadDim, position, layer!.RotaryBase);

    // φ(x) = elu(x) + 1.
    private void ToFeatures(float* head)
    {
        for (int c = 0; c < problem.HeadDim; c++)
            head[c] = head[c] > 0 ? head[c] + 1 : MathF.Exp(head[c]);
    }

    // Keys (0) and values (1): of a cache, or of the shared memory, those of self-attention first.
    private float* KeyRow(bool isCross, int which, int batch, int kvHead, int key)
    {
        if (layer is { Cached: true })
            return call[Place(which == 0 ? "kc" : "vc")].At<float>(batch, kvHead, key);
        nint most = Math.Max(problem.Queries, problem.Keys), all = problem.Batch * most * problem.KeyWidth;
        return (float*)call.Shared + (which + (isCross ? 2 : 0)) * all + ((batch * most + key) * problem.KvHeads + kvHead) * problem.HeadDim;
    }

    private float* Numbers(int place) => (float*)call[place].Start;

    // Place of Wq; bq, Wk, bk, Wv, bv, Wo and bo follow.
    private int Weights(bool isCross) => Place(isCross ? "cwq" : "wq");

    private int Place(string name)
    {
        ReadOnlySpan<Tensor> tensors = call.Tensors;
        for (int i = 0; i < tensors.Length; i++)
        {
            if (tensors[i].Operand.Name == name)
                return i;
        }
        throw new ArgumentException($"{operation} has no operand {name}.", nameof(name));
    }
}
