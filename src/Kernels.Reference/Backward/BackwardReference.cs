using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The gradients of softmax attention. With o and lse given, each row of dq depends on one query and the keys that it sees, and each row of
/// dk and dv on one key and the queries that see it. The expected error is the change of gold when every input is moved by one unit in the
/// last place, every sum over channels by what float32 rounds, and P and dS by their rounding to the format of products.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class BackwardReference(SoftmaxBackward operation) : OperationReference(operation)
{
    private const int QueryGroup = 0;

    private readonly KeysSeen seenKeys = new();

    /// <inheritdoc/>
    public override string InputSet => "backward";

    /// <summary>
    /// Not large values, whose products with dO exceed float32; and of float16 neither outliers nor cancelling values, whose dS of more than 65504 exceed it.
    /// </summary>
    public override bool Takes(InputFamily family, Element input) =>
        family != InputFamily.LargeValues
        && (input != Element.Float16 || family is not (InputFamily.Outliers or InputFamily.Cancelling))
        && base.Takes(family, input);

    /// <inheritdoc/>
    public override Inputs CreateInputs(Problem problem, InputFamily family, int seed) =>
        BackwardInputs.Create((AttentionProblem)problem, family, seed, Captured);

    /// <inheritdoc/>
    public override double RowCost(Problem problem, int group)
    {
        var attention = (AttentionProblem)problem;
        double pairs = (double)attention.Batch * attention.CountVisiblePairs() / (group == QueryGroup ? attention.Queries : attention.Keys);
        return 2 * pairs * (2 * attention.HeadDim + 2 * attention.ValueDim);
    }

    /// <inheritdoc/>
    public override void Gold(Inputs inputs, RowBlock rows, Span<double> values)
    {
        int width = values.Length / rows.Tokens.Length;
        for (int row = 0; row < rows.Tokens.Length; row++)
        {
            using GradientRow pairs = RowOf(inputs, rows, row);
            pairs.Gold(values.Slice(row * width, width));
        }
    }

    /// <inheritdoc/>
    public override float[][] Plain(Inputs inputs, RowBlock rows, Element products)
    {
        int width = Width(inputs, rows);
        float[][] ways = [.. Enumerable.Range(0, Ways).Select(_ => new float[rows.Tokens.Length * width])];
        for (int row = 0; row < rows.Tokens.Length; row++)
        {
            using GradientRow pairs = RowOf(inputs, rows, row);
            for (int way = 0; pairs.Pairs > 0 && way < Ways; way++)
                PlainGradient.Row(pairs, way, products, ways[way].AsSpan(row * width, width));
        }
        return ways;
    }

    /// <inheritdoc/>
    public override double[] ExpectedError(Inputs inputs, RowBlock rows, Element products, ReadOnlySpan<double> gold)
    {
        int width = Width(inputs, rows), samples = NoiseSamples.Of(Depending(inputs, rows));
        double[] errors = new double[gold.Length], moved = new double[width];
        for (int row = 0; row < rows.Tokens.Length; row++)
        {
            using GradientRow pairs = RowOf(inputs, rows, row);
            double[] roundings = pairs.Roundings(products);
            for (int sample = 0; sample < samples; sample++)
            {
                pairs.Moved(moved, roundings, rows.Group, rows.HeadIndex, rows.Tokens[row], sample);
                for (int c = 0; c < width; c++)
                    errors[row * width + c] += (moved[c] - gold[row * width + c]) * (moved[c] - gold[row * width + c]) / samples;
            }
        }
        foreach (ref double error in errors.AsSpan())
            error = Math.Sqrt(error);
        return errors;
    }

    /// <inheritdoc/>
    public override float? Fixed(Inputs inputs, int operand, int headIndex, int token, int channel)
    {
        var problem = (AttentionProblem)inputs.Problem;
        bool depends = operand == SoftmaxBackward.GradQ
            ? !problem.IsBlind(headIndex % problem.Heads, token)
            : seenKeys.Has(inputs, headIndex, token);
        return depends ? null : 0;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Where one key has all the weight, the output is its value, so dS, dQ and dK are zero, and dV of a key is the sum of dO over the queries
    /// that select it, up to the rounding of lse. Of inputs of 16 bits it is not: lse is that of the numbers before they were rounded.
    /// </remarks>
    public override string? Contradiction(Inputs inputs, RowBlock rows, ReadOnlySpan<double> gold)
    {
        const double Nothing = 1e-20;
        var problem = (AttentionProblem)inputs.Problem;
        if (inputs.OneHotKeys is not { } keys || problem.Scale == 0)
            return null;
        int width = Width(inputs, rows);
        for (int row = 0; row < rows.Tokens.Length; row++)
        {
            ReadOnlySpan<double> numbers = gold.Slice(row * width, width);
            bool agrees = true;
            foreach (double number in numbers[..problem.HeadDim])
                agrees &= Math.Abs(number) <= Nothing;
            for (int c = 0; rows.Group != QueryGroup && inputs.Element == Element.Float32 && c < problem.ValueDim; c++)
            {
                (double sum, double rounding) = SumOfSelecting(inputs, keys, rows.HeadIndex, rows.Tokens[row], c);
                agrees &= Math.Abs(numbers[problem.HeadDim + c] - sum) <= rounding + Nothing;
            }
            if (!agrees)
                return $"The float64 reference differs from the closed form of the gradients of one-hot attention on {problem}.";
        }
        return null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() => WrongGradients.Create();

    /// <inheritdoc/>
    public override IReadOnlyList<Kernel> Controls => [new ScalarBackward()];

    // Rows that depend on no pair have no error. Whether there are few is all that counts.
    private int Depending(Inputs inputs, RowBlock rows)
    {
        var problem = (AttentionProblem)inputs.Problem;
        (int tokens, int operand) = rows.Group == QueryGroup ? (problem.Queries, SoftmaxBackward.GradQ) : (problem.Keys, SoftmaxBackward.GradK);
        return Enumerable.Range(0, tokens).Where(token => Fixed(inputs, operand, rows.HeadIndex, token, channel: 0) is null)
            .Take(NoiseSamples.MostFew + 1).Count();
    }

    private static GradientRow RowOf(Inputs inputs, RowBlock rows, int row) => rows.Group == QueryGroup
        ? GradientRow.OfQuery(inputs, rows.HeadIndex, rows.Tokens[row])
        : GradientRow.OfKey(inputs, rows.HeadIndex, rows.Tokens[row]);

    private static int Width(Inputs inputs, RowBlock rows)
    {
        var problem = (AttentionProblem)inputs.Problem;
        return problem.HeadDim + (rows.Group == QueryGroup ? 0 : problem.ValueDim);
    }

    private static (double Sum, double Rounding) SumOfSelecting(Inputs inputs, IReadOnlyList<int> keys, int kvIndex, int key, int channel)
    {
        var problem = (AttentionProblem)inputs.Problem;
        double sum = 0, rounding = 0;
        foreach ((int headIndex, int query) in GradientRow.Seeing(problem, kvIndex, key))
        {
            if (keys[headIndex * problem.Queries + query] != key)
                continue;
            // A key that counts c times has c pairs of weight 1/c.
            double gradient = inputs.Head("do", headIndex)[query * problem.ValueDim + channel]
                / problem.Mask.Count(problem.Head(headIndex % problem.Heads), query, key);
            sum += gradient;
            rounding += Math.Abs(gradient) * RoundingNoise.Epsilon * (1 + Math.Abs(inputs.Head("lse", headIndex)[query]));
        }
        return (sum, rounding);
    }
}
