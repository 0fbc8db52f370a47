using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The gradients of linear attention and retention. Gold and two variants of plain float32 go pair by pair, the third by states where the mask
/// allows it. The expected error is the change of gold when every input is moved by one unit in the last place, and every sum over channels or
/// keys by what float32 rounds.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class LinearBackwardReference(LinearBackward operation) : OperationReference(operation)
{
    private const int QueryGroup = 0;

    private readonly KeysSeen seenKeys = new();

    /// <inheritdoc/>
    public override string InputSet => operation.TakesOutput ? "backward with features" : "backward without output";

    /// <summary>Not large values, whose products with dO exceed float32.</summary>
    public override bool Takes(InputFamily family, Element input) => family != InputFamily.LargeValues && base.Takes(family, input);

    /// <inheritdoc/>
    public override Inputs CreateInputs(Problem problem, InputFamily family, int seed) =>
        LinearBackwardInputs.Create(operation, (AttentionProblem)problem, family, seed, Captured);

    /// <inheritdoc/>
    public override bool SharesWork(Problem problem) => true;

    /// <inheritdoc/>
    public override double RowCost(Problem problem, int group)
    {
        var attention = (AttentionProblem)problem;
        double pairs = (double)attention.Batch * attention.CountVisiblePairs() / (group == QueryGroup ? attention.Queries : attention.Keys);
        return 2 * pairs * (2 * attention.HeadDim + 2 * attention.ValueDim);
    }

    /// <inheritdoc/>
    public override void Gold(Inputs inputs, RowBlock rows, Span<double> values) =>
        Rows(new(operation, inputs, KvIndex(inputs, rows)), inputs, rows, values, []);

    /// <inheritdoc/>
    public override float[][] Plain(Inputs inputs, RowBlock rows, Element products)
    {
        float[][] ways = new float[Ways][];
        Parallel.For(0, Ways, way => ways[way] = Plain(inputs, rows, way));
        return ways;
    }

    /// <inheritdoc/>
    public override double[] ExpectedError(Inputs inputs, RowBlock rows, Element products, ReadOnlySpan<double> gold)
    {
        // Rows that depend on no pair have no error.
        int operand = rows.Group == QueryGroup ? operation.GradQ : operation.GradK;
        int depending = rows.Tokens.Count(token => Fixed(inputs, operand, rows.HeadIndex, token, channel: 0) is null);
        int samples = NoiseSamples.Of(depending);
        double[] errors = new double[gold.Length], moved = new double[gold.Length];
        for (int sample = 0; sample < samples; sample++)
        {
            // The variance of partial sums does not depend on the sample.
            Rows(new(operation, inputs, KvIndex(inputs, rows), sample), inputs, rows, moved, sample == 0 ? errors : []);
            for (int i = 0; i < errors.Length; i++)
                errors[i] += (moved[i] - gold[i]) * (moved[i] - gold[i]) / samples;
        }
        foreach (ref double error in errors.AsSpan())
            error = Math.Sqrt(error);
        return errors;
    }

    /// <inheritdoc/>
    public override float? Fixed(Inputs inputs, int operand, int headIndex, int token, int channel)
    {
        var problem = (AttentionProblem)inputs.Problem;
        bool depends = operand == operation.GradQ
            ? !problem.IsBlind(headIndex % problem.Heads, token)
            : seenKeys.Has(inputs, headIndex, token);
        return depends ? null : 0;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() => WrongLinearGradients.Create(operation);

    /// <inheritdoc/>
    public override IReadOnlyList<Kernel> Controls => [new ScalarLinearBackward(operation)];

    private static int KvIndex(Inputs inputs, RowBlock rows) => rows.Group == QueryGroup ? inputs.KvIndex(rows.HeadIndex) : rows.HeadIndex;

    // Heads of a kv head follow each other.
    private static int HeadOfGroup(AttentionProblem problem, RowBlock rows) => rows.HeadIndex % (problem.Heads / problem.KvHeads);

    private static void Rows(LinearGradients gradients, Inputs inputs, RowBlock rows, Span<double> values, Span<double> variance)
    {
        var problem = (AttentionProblem)inputs.Problem;
        int width = values.Length / rows.Tokens.Length;
        for (int row = 0; row < rows.Tokens.Length; row++)
        {
            Span<double> own = values.Slice(row * width, width), ownVariance = variance.IsEmpty ? [] : variance.Slice(row * width, width);
            if (rows.Group == QueryGroup)
                gradients.Query(HeadOfGroup(problem, rows) * problem.Queries + rows.Tokens[row], own, ownVariance);
            else
                gradients.Key(rows.Tokens[row], own, ownVariance);
        }
    }

    private float[] Plain(Inputs inputs, RowBlock rows, int way)
    {
        var problem = (AttentionProblem)inputs.Problem;
        int kvIndex = KvIndex(inputs, rows), width = problem.HeadDim + (rows.Group == QueryGroup ? 0 : problem.ValueDim);
        float[] values = new float[rows.Tokens.Length * width];
        var plain = new PlainLinearGradients(operation, inputs, kvIndex, PlainFloat.LanesOf(way));
        if (way == Ways - 1 && problem.Mask is FullMask or CausalMask)
        {
            double decay = operation is RetentionBackward retention ? retention.Forward.Decay(kvIndex % problem.KvHeads) : 1;
            var states = new PlainLinearStates(problem, plain, (float)decay);
            if (rows.Group == QueryGroup)
                states.Queries(HeadOfGroup(problem, rows), rows.Tokens, values);
            else
                states.Keys(rows.Tokens, values);
            return values;
        }
        for (int row = 0; row < rows.Tokens.Length; row++)
        {
            Span<float> own = values.AsSpan(row * width, width);
            if (rows.Group == QueryGroup)
                plain.Query(HeadOfGroup(problem, rows) * problem.Queries + rows.Tokens[row], apart: way == Ways - 1, own);
            else
                plain.Key(rows.Tokens[row], apart: way == Ways - 1, own);
        }
        return values;
    }
}
