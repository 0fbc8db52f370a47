using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The parts that layers are made of, each as its paper writes it, in any arithmetic. Wrong kernels override one part. Rows are float64 in memory.
/// </summary>
/// <param name="arithmetic">How numbers are computed.</param>
/// <param name="problem">Sizes.</param>
/// <param name="numbers">The inputs.</param>
internal abstract class LayerFormula(LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
{
    /// <summary>Outputs of some rows of a head, as <see cref="OperationReference.Gold"/> returns them.</summary>
    public abstract void Compute(RowBlock rows, Span<double> values);

    protected LayerArithmetic Arithmetic => arithmetic;

    protected LayerProblem Problem => problem;

    protected LayerNumbers Numbers => numbers;

    /// <summary>Row of an operand.</summary>
    protected double[] Row(string operand, int batch, int token) =>
        numbers.Row(operand, batch, operand == "x" ? problem.Queries : problem.Keys, token, problem.Width);

    /// <summary>The order of matrices.</summary>
    protected virtual WeightOrder Order => WeightOrder.InOut;

    /// <summary>x·W + b, or x·Wᵀ + b.</summary>
    protected virtual double[] Project(ReadOnlySpan<double> x, string w, string b)
    {
        ReadOnlySpan<float> bias = numbers[b];
        double[] y = new double[bias.Length];
        if (Order == WeightOrder.OutIn)
            arithmetic.MultiplyTransposed(x, numbers[w], y);
        else
            arithmetic.Multiply(x, numbers[w], y);
        for (int c = 0; c < y.Length; c++)
            y[c] = arithmetic.Round(y[c] + bias[c]);
        return y;
    }

    /// <summary>What is added to the scaled score of a pair, exactly; 0 for nothing.</summary>
    protected virtual double ScoreBias(AttentionProblem core, int head, int query, int key) => 0;

    /// <summary>One head of attention: the mean of the visible values by <see cref="Weights"/>.</summary>
    /// <param name="q">[headDim].</param>
    /// <param name="keys">[keys, headDim].</param>
    /// <param name="values">[keys, headDim].</param>
    /// <param name="core">Mask and scale.</param>
    /// <param name="head">The head.</param>
    /// <param name="query">The query.</param>
    /// <param name="output">[headDim].</param>
    protected virtual void Attend(
        ReadOnlySpan<double> q, ReadOnlySpan<double> keys, ReadOnlySpan<double> values, AttentionProblem core, int head, int query, Span<double> output)
    {
        int d = core.HeadDim;
        int[] visible = VisibleKeys.Of(core, head, query);
        double[] seen = new double[visible.Length * d], seenKeys = new double[visible.Length * d];
        for (int i = 0; i < visible.Length; i++)
        {
            keys.Slice(visible[i] * d, d).CopyTo(seenKeys.AsSpan(i * d, d));
            values.Slice(visible[i] * d, d).CopyTo(seen.AsSpan(i * d, d));
        }
        double[] weights = Weights(q, seenKeys, core, head, query, visible);
        arithmetic.Mix(weights, seen, output);
        double sum = arithmetic.Sum(weights);
        for (int c = 0; c < d && weights.Length > 0; c++)
            output[c] = arithmetic.Round(output[c] / sum);
    }

    /// <summary>The weights of a softmax before their division: exp(scale · q·k + bias − the largest).</summary>
    /// <param name="q">[headDim].</param>
    /// <param name="keys">Those that the query sees, [visible, headDim].</param>
    /// <param name="core">The scale.</param>
    /// <param name="head">The head.</param>
    /// <param name="query">The query.</param>
    /// <param name="visible">Numbers of the keys.</param>
    protected virtual double[] Weights(ReadOnlySpan<double> q, ReadOnlySpan<double> keys, AttentionProblem core, int head, int query, int[] visible)
    {
        double[] weights = Scores(q, keys);
        double max = double.NegativeInfinity;
        for (int i = 0; i < weights.Length; i++)
        {
            double weight = arithmetic.Round(weights[i] * core.Scale), bias = ScoreBias(core, head, query, visible[i]);
            weights[i] = bias == 0 ? weight : arithmetic.Round(weight + arithmetic.Round(bias));
            max = double.IsNaN(weights[i]) ? weights[i] : Math.Max(max, weights[i]);
        }
        foreach (ref double weight in weights.AsSpan())
            weight = arithmetic.Round(Math.Exp(arithmetic.Round(weight - max)));
        return weights;
    }

    /// <summary>q·k of each key.</summary>
    protected double[] Scores(ReadOnlySpan<double> q, ReadOnlySpan<double> keys)
    {
        double[] scores = new double[keys.Length / q.Length];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = arithmetic.Dot(q, keys.Slice(i * q.Length, q.Length));
        return scores;
    }

    /// <summary>
    /// (x − mean)/√(variance + ε) · gain + shift over the channels of a row (Ba et al. 2016), or x/√(mean of squares + ε) · gain + shift.
    /// </summary>
    protected virtual double[] Norm(ReadOnlySpan<double> x, string gain, string shift, TransformerLayer layer)
    {
        ReadOnlySpan<float> gains = numbers[gain], shifts = numbers[shift];
        double[] centred = x.ToArray();
        if (!layer.RootMeanSquare)
        {
            double mean = arithmetic.Round(arithmetic.Sum(x) / x.Length);
            for (int c = 0; c < x.Length; c++)
                centred[c] = arithmetic.Round(x[c] - mean);
        }
        double square = arithmetic.Round(arithmetic.Dot(centred, centred) / x.Length);
        double factor = arithmetic.Round(1 / arithmetic.Round(Math.Sqrt(arithmetic.Round(square + layer.Epsilon))));
        for (int c = 0; c < x.Length; c++)
            centred[c] = arithmetic.Round(arithmetic.Round(arithmetic.Round(centred[c] * factor) * gains[c]) + shifts[c]);
        return centred;
    }

    /// <summary>The feed-forward network (Vaswani et al. 2017, equation 2).</summary>
    protected virtual double[] FeedForward(ReadOnlySpan<double> x, TransformerLayer layer)
    {
        double[] hidden = Project(x, "w1", "b1"), gate = layer.Activation == Activation.SwiGlu ? Project(x, "w3", "b3") : [];
        for (int c = 0; c < hidden.Length; c++)
            hidden[c] = layer.Activation == Activation.SwiGlu
                ? arithmetic.Round(Activate(hidden[c], layer.Activation) * gate[c])
                : Activate(hidden[c], layer.Activation);
        return Project(hidden, "w2", "b2");
    }

    /// <summary>The function of the feed-forward network.</summary>
    protected virtual double Activate(double x, Activation activation) => activation switch
    {
        Activation.Relu => x < 0 ? 0 : x,
        Activation.SwiGlu => arithmetic.Round(x / arithmetic.Round(1 + arithmetic.Round(Math.Exp(-x)))),
        _ => arithmetic.Round(arithmetic.Round(0.5 * x) * arithmetic.Round(1 + arithmetic.Round(ErrorFunction.Of(arithmetic.Round(x * Math.Sqrt(0.5)))))),
    };

    /// <summary>x + y, the residual connection.</summary>
    protected virtual double[] Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double[] sum = new double[x.Length];
        for (int c = 0; c < sum.Length; c++)
            sum[c] = arithmetic.Round(x[c] + y[c]);
        return sum;
    }

    /// <summary>Turns each pair of channels (i, i + d/2) by position · base^(−2i/d) (Su et al. 2021, section 3.2.2).</summary>
    protected virtual void Rotate(Span<double> head, int position, double wavelengths)
    {
        int half = head.Length / 2;
        for (int i = 0; i < half; i++)
        {
            // Tables of cosines and sines are made in float64 and rounded once.
            double angle = position * Math.Pow(wavelengths, -2.0 * i / head.Length);
            double cos = arithmetic.Round(Math.Cos(angle)), sin = arithmetic.Round(Math.Sin(angle)), a = head[i], b = head[i + half];
            head[i] = arithmetic.Round(arithmetic.Round(a * cos) - arithmetic.Round(b * sin));
            head[i + half] = arithmetic.Round(arithmetic.Round(a * sin) + arithmetic.Round(b * cos));
        }
    }
}
