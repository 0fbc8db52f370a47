using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Softmax attention, alone, with its log-sum-exp, or continued from a state. The state counts as one more key, whose score is the state's
/// log-sum-exp and whose value is the state's output. This is equivalent to <see cref="SoftmaxStep"/>, so gold, plain float32 and expected
/// error of all three are one computation.
/// </summary>
/// <param name="operation">The operation.</param>
public class SoftmaxReference(Operation operation) : RowReference(operation)
{
    private readonly bool hasLse = operation is SoftmaxLse or SoftmaxStep;

    /// <inheritdoc/>
    public override string InputSet => Operation is SoftmaxStep ? "attention with a state" : "attention";

    /// <inheritdoc/>
    public override bool PlainDecidesNaN => Operation is not SoftmaxAttention;

    /// <inheritdoc/>
    public override bool Takes(InputFamily family, Element input) => input != Element.Float16 || base.Takes(family, input);

    /// <inheritdoc/>
    public override Inputs CreateInputs(Problem problem, InputFamily family, int seed)
    {
        if (Operation is not SoftmaxStep)
            return base.CreateInputs(problem, family, seed);
        var inputs = new Inputs(problem, Operation.Operands(problem, Format.Float32));
        AttentionInputs.Fill(inputs, (AttentionProblem)problem, family, seed, Captured);
        StepInputs.FillState(inputs, (AttentionProblem)problem, family, seed);
        return inputs;
    }

    /// <inheritdoc/>
    public override float? Fixed(Inputs inputs, int operand, int headIndex, int token, int channel)
    {
        if (base.Fixed(inputs, operand, headIndex, token, channel) is null)
            return null;
        bool isLse = operand == AttentionOperation.Lse;
        if (Operation is not SoftmaxStep)
            return isLse ? float.NegativeInfinity : 0;
        int channels = isLse ? 1 : ((AttentionProblem)inputs.Problem).ValueDim;
        return inputs.Head(isLse ? "lse" : "o", headIndex)[token * channels + channel];
    }

    /// <inheritdoc/>
    public override string? Contradiction(Inputs inputs, RowBlock rows, ReadOnlySpan<double> gold)
    {
        var problem = (AttentionProblem)inputs.Problem;
        if (Operation is not SoftmaxAttention || Operation is SoftmaxStep || inputs.OneHotKeys is not { } keys || problem.Scale == 0)
            return null;
        int width = Width(inputs);
        for (int row = 0; row < rows.Tokens.Length; row++)
        {
            int key = keys[rows.HeadIndex * problem.Queries + rows.Tokens[row]];
            for (int c = 0; c < problem.ValueDim && key >= 0; c++)
            {
                if (gold[row * width + c] != inputs.HeadV(rows.HeadIndex)[key * problem.ValueDim + c])
                    return $"The float64 reference differs from the closed form of one-hot attention on {problem}.";
            }
        }
        return null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() => Operation switch
    {
        SoftmaxLse or SoftmaxStep => WrongRowSums.Create((SoftmaxAttention)Operation),
        SoftmaxAttention =>
        [
            .. WrongFormulas.Create(),
            new(new SoftmaxOverQueries(), FailureKind.Inaccurate),
            .. WrongMasks.Create(),
            .. WrongPatterns.Create(),
            .. WrongHeads.Create(),
            .. WrongNumbers.Create(),
            .. WrongSizes.Create(),
            .. WrongMemory.Create(),
            .. WrongState.Create(),
        ],
        _ => [],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<Kernel> Controls => Operation switch
    {
        SoftmaxLse or SoftmaxStep => [new ScalarRowSums((SoftmaxAttention)Operation)],
        SoftmaxAttention => [new ScalarAttention(), new ScalarAttention { Name = "control-bfloat16", Output = Element.BFloat16 }],
        _ => [],
    };

    /// <inheritdoc/>
    protected override int Width(Inputs inputs) => base.Width(inputs) + (hasLse ? 1 : 0);

    private protected override void Gold(Inputs inputs, AttentionRow row, int headIndex, int query, Span<double> values)
    {
        var seen = new Continued(this, inputs, row, headIndex, query);
        double[] weights = seen.Scores();
        double max = double.NegativeInfinity;
        foreach (double score in weights)
            max = Math.Max(max, score);
        for (int key = 0; key < weights.Length; key++)
            weights[key] = Math.Exp(weights[key] - max);
        double sum = WeightedMean.Compute(weights, seen.Values, hasLse ? values[..^1] : values);
        if (hasLse)
            // Where every score is −∞, so is the logarithm of their sum, and sum is NaN.
            values[^1] = double.IsNegativeInfinity(max) ? max : max + Math.Log(sum);
    }

    private protected override void Plain(
        Inputs inputs, AttentionRow row, int headIndex, int query, int way, Element products, Span<float> values)
    {
        var seen = new Continued(this, inputs, row, headIndex, query);
        float lse = PlainSoftmax.Row(seen.Row, seen.Lse, seen.Values, way, products, hasLse ? values[..^1] : values);
        if (hasLse)
            values[^1] = lse;
    }

    private protected override void AddVariance(
        Inputs inputs, AttentionRow row, int headIndex, int query, Element products, ReadOnlySpan<double> gold, Span<double> variance)
    {
        var seen = new Continued(this, inputs, row, headIndex, query);
        SoftmaxNoise.AddVariance(seen.Row, seen.Lse, seen.Values, gold, hasLse, products, variance);
    }

    /// <summary>A row with its state as a last key.</summary>
    private readonly ref struct Continued
    {
        public Continued(SoftmaxReference reference, Inputs inputs, AttentionRow row, int headIndex, int query)
        {
            Row = row;
            Values = row.V;
            if (reference.Operation is not SoftmaxStep || inputs.Head("lse", headIndex)[query] is var lse && float.IsNegativeInfinity(lse))
                return;
            Lse = lse;
            int valueDim = ((AttentionProblem)inputs.Problem).ValueDim;
            Values = (float[])[.. row.V, .. inputs.Head("o", headIndex).Slice(query * valueDim, valueDim)];
        }

        public AttentionRow Row { get; }

        /// <summary>Score of the last key; null without a state.</summary>
        public float? Lse { get; }

        /// <summary>[keys, valueDim].</summary>
        public ReadOnlySpan<float> Values { get; }

        public double[] Scores()
        {
            double[] scores = new double[Row.Keys + (Lse is null ? 0 : 1)];
            for (int key = 0; key < Row.Keys; key++)
                scores[key] = CompensatedSum.Dot(Row.Q, Row.K.Slice(key * Row.Q.Length, Row.Q.Length)) * Row.Scale + Row.BiasOf(key);
            if (Lse is { } lse)
                scores[^1] = lse;
            return scores;
        }
    }
}
