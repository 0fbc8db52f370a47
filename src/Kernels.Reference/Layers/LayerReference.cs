using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// A layer: its formula in float64, in plain float32, and with every operation moved by what float32 rounds.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class LayerReference(LayerOperation operation) : OperationReference(operation)
{
    // Among many numbers the largest of many errors counts; among few, a few samples of a deep formula may all be lucky.
    private const int Samples = 3, SamplesOfFew = 16, FewNumbers = 4096;

    // A norm gives all numbers of a row one factor, so they err together: fewer rows have too few independent errors for their mean to tell the
    // largest. There it is the largest of the samples.
    private const int FewRows = 8;
    // A tanh of float64 takes as long as so many of its multiplications with compensated sums.
    private const double CostOfTanh = 8;

    // A number of what is between the products of a feed-forward network costs two products, and a gradient one.
    private const double Between = 3;

    // Of one head, about ten seconds in all arithmetics; and rows beyond the first register tiles, whatever they cost.
    private const double MostMultiplications = 5e8;
    private const int FewestSteps = 24;

    /// <inheritdoc/>
    public override string InputSet => Operation.Name;

    /// <inheritdoc/>
    public override bool Takes(InputFamily family, Element input) =>
        family is InputFamily.Normal or InputFamily.Peaked or InputFamily.Outliers or InputFamily.Cancelling or InputFamily.Constant;

    /// <inheritdoc/>
    public override Inputs CreateInputs(Problem problem, InputFamily family, int seed) => LayerInputs.Create(operation, (LayerProblem)problem, family, seed);

    /// <inheritdoc/>
    /// <remarks>All rows of a sequence need its keys and values.</remarks>
    public override bool SharesWork(Problem problem) => true;

    /// <inheritdoc/>
    /// <remarks>Every state needs the one before it; so late ones of a long sequence are not compared.</remarks>
    public override int Reachable(Problem problem, int group) => operation is RecurrentLayer or SequenceToSequence
        ? (int)Math.Max(FewestSteps, MostMultiplications / RowCost(problem, group))
        : base.Reachable(problem, group);

    /// <inheritdoc/>
    public override double RowCost(Problem problem, int group)
    {
        var layer = (LayerProblem)problem;
        if (operation.SumsRows(group))
            return RowCostOfSums(layer, group);
        double functions = operation is AdditiveAttention or SequenceToSequence { Context: DecoderContext.Additive }
            ? (double)layer.Batch * layer.Keys * layer.Hidden : 0;
        return operation.Flops(problem) / 2 / layer.Queries + CostOfTanh * functions;
    }

    /// <inheritdoc/>
    public override void Gold(Inputs inputs, RowBlock rows, Span<double> values) => Formula(inputs, new ExactArithmetic()).Compute(rows, values);

    /// <inheritdoc/>
    public override float[][] Plain(Inputs inputs, RowBlock rows, Element products)
    {
        double[] values = new double[rows.Tokens.Length * Width(inputs, rows)];
        return
        [
            .. Enumerable.Range(0, Ways).Select(way =>
            {
                Formula(inputs, new PlainArithmetic(way)).Compute(rows, values);
                return Array.ConvertAll(values, number => (float)number);
            }),
        ];
    }

    /// <inheritdoc/>
    public override double[] ExpectedError(Inputs inputs, RowBlock rows, Element products, ReadOnlySpan<double> gold)
    {
        double[] errors = new double[gold.Length], moved = new double[gold.Length];
        bool few = rows.Tokens.Length < FewRows;
        int samples = gold.Length < FewNumbers && !IsLarge((LayerProblem)inputs.Problem, rows.Group) ? SamplesOfFew : Samples;
        for (int sample = 0; sample < samples; sample++)
        {
            Formula(inputs, new MovedArithmetic(sample)).Compute(rows, moved);
            for (int i = 0; i < errors.Length; i++)
            {
                double error = Math.Abs(moved[i] - gold[i]);
                errors[i] = few ? Math.Max(errors[i], error) : Math.Sqrt(errors[i] * errors[i] + error * error / samples);
            }
        }
        return errors;
    }

    /// <inheritdoc/>
    /// <remarks>What is in a cache stays there.</remarks>
    public override float? Fixed(Inputs inputs, int operand, int headIndex, int token, int channel)
    {
        var problem = (LayerProblem)inputs.Problem;
        Operand output = operation.Operands(problem, Format.Float32)[operand];
        return output.Role == Role.Accumulated && token < problem.Keys - problem.Queries
            ? inputs.Head(output.Name, headIndex)[token * problem.HeadDim + channel]
            : null;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() =>
        [.. WrongLayers.Create(operation), .. WrongRecurrences.Create(operation), .. WrongEnds.Create(operation), .. WrongBackward.Create(operation)];

    /// <inheritdoc/>
    public override IReadOnlyList<Kernel> Controls => [new FormulaKernel("control", "no mistake", operation)];

    /// <summary>The formula of an operation without a mistake.</summary>
    internal static LayerFormula Formula(LayerOperation operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers) => operation switch
    {
        RecurrentLayer or SequenceToSequence => new RecurrenceFormula(operation, arithmetic, problem, numbers),
        AdditiveAttention => new AdditiveFormula(arithmetic, problem, numbers),
        Embedding embedding => new EmbeddingFormula(embedding, arithmetic, problem, numbers),
        Patches => new PatchFormula(arithmetic, problem, numbers),
        ProjectionBackward projection => new ProjectionBackwardFormula(projection, arithmetic, problem, numbers),
        NormBackward norm => new NormBackwardFormula(norm, arithmetic, problem, numbers),
        FeedForwardBackward feedForward => new FeedForwardBackwardFormula(feedForward, arithmetic, problem, numbers),
        RotaryBackward rotary => new RotaryBackwardFormula(rotary, arithmetic, problem, numbers),
        Vocabulary => new VocabularyFormula(arithmetic, problem, numbers),
        Projection => new ProjectionFormula(arithmetic, problem, numbers),
        _ => new TransformerFormula(operation, arithmetic, problem, numbers),
    };

    // Whether a single row needs what is between the products of a feed-forward network in all rows, and that takes seconds: where there is so much, the
    // largest error of the numbers of a row is that of many.
    private bool IsLarge(LayerProblem problem, int group) =>
        operation is FeedForwardBackward && operation.SumsRows(group) && operation.Flops((Problem)problem) > MostMultiplications;

    // A product of all rows for each number, and what all rows of the gradient share when all are computed.
    private double RowCostOfSums(LayerProblem problem, int group)
    {
        Layout gradient = operation.Operands((Problem)problem, Format.Float32)[operation.OutputGroups[group][0]].Layout;
        return (operation is FeedForwardBackward ? Between : 1) * problem.Batch * problem.Queries * gradient.Channels;
    }

    private LayerFormula Formula(Inputs inputs, LayerArithmetic arithmetic) =>
        Formula(operation, arithmetic, (LayerProblem)inputs.Problem, new LayerNumbers.OfInputs(inputs));

    private int Width(Inputs inputs, RowBlock rows) =>
        operation.OutputGroups[rows.Group].Sum(place => operation.Operands(inputs.Problem, Format.Float32)[place].Layout.Channels);
}
