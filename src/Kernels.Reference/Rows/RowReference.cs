using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>An attention whose rows are independent: each is a function of its query and the keys that it sees, under any mask.</summary>
/// <param name="operation">The operation.</param>
public abstract class RowReference(Operation operation) : OperationReference(operation)
{
    /// <inheritdoc/>
    public sealed override void Gold(Inputs inputs, RowBlock rows, Span<double> values)
    {
        int width = Width(inputs);
        values.Clear();
        for (int row = 0; row < rows.Tokens.Length; row++)
        {
            AttentionRow seen = Seen(inputs, rows.HeadIndex, rows.Tokens[row]);
            if (seen.Keys > 0)
                Gold(inputs, seen, rows.HeadIndex, rows.Tokens[row], values.Slice(row * width, width));
            else
                Unseen(inputs, rows.HeadIndex, rows.Tokens[row], values.Slice(row * width, width));
        }
    }

    /// <inheritdoc/>
    public override float[][] Plain(Inputs inputs, RowBlock rows, Element products)
    {
        int width = Width(inputs);
        float[][] ways = new float[Ways][];
        for (int way = 0; way < ways.Length; way++)
        {
            ways[way] = new float[rows.Tokens.Length * width];
            for (int row = 0; row < rows.Tokens.Length; row++)
            {
                AttentionRow seen = Seen(inputs, rows.HeadIndex, rows.Tokens[row]);
                if (seen.Keys > 0)
                    Plain(inputs, seen, rows.HeadIndex, rows.Tokens[row], way, products, ways[way].AsSpan(row * width, width));
                else
                    Unseen(inputs, rows.HeadIndex, rows.Tokens[row], ways[way].AsSpan(row * width, width));
            }
        }
        return ways;
    }

    /// <inheritdoc/>
    public sealed override double[] ExpectedError(Inputs inputs, RowBlock rows, Element products, ReadOnlySpan<double> gold)
    {
        int width = Width(inputs);
        double[] errors = new double[rows.Tokens.Length * width];
        for (int row = 0; row < rows.Tokens.Length; row++)
        {
            AttentionRow seen = Seen(inputs, rows.HeadIndex, rows.Tokens[row]);
            Span<double> variance = errors.AsSpan(row * width, width);
            if (seen.Keys > 0)
                AddVariance(inputs, seen, rows.HeadIndex, rows.Tokens[row], products, gold.Slice(row * width, width), variance);
            foreach (ref double error in variance)
                error = RoundingNoise.ExpectedErrors * Math.Sqrt(error);
        }
        return errors;
    }

    /// <inheritdoc/>
    public override float? Fixed(Inputs inputs, int operand, int headIndex, int token, int channel)
    {
        var problem = (AttentionProblem)inputs.Problem;
        return problem.IsBlind(headIndex % problem.Heads, token) ? 0 : null;
    }

    /// <summary>Numbers of a row: the channels of all outputs.</summary>
    protected virtual int Width(Inputs inputs) => ((AttentionProblem)inputs.Problem).ValueDim;

    /// <summary>The keys that take part in a row.</summary>
    private protected virtual AttentionRow Seen(Inputs inputs, int headIndex, int query) => AttentionRow.Of(inputs, headIndex, query);

    /// <summary>One row in float64.</summary>
    private protected abstract void Gold(Inputs inputs, AttentionRow row, int headIndex, int query, Span<double> values);

    /// <summary>One row in one variant of plain float32; <paramref name="values"/> are initially zeros.</summary>
    private protected abstract void Plain(
        Inputs inputs, AttentionRow row, int headIndex, int query, int way, Element products, Span<float> values);

    /// <summary>Adds the expected variance of the rounding error of each number of a row; see <see cref="RoundingNoise"/>.</summary>
    private protected abstract void AddVariance(
        Inputs inputs, AttentionRow row, int headIndex, int query, Element products, ReadOnlySpan<double> gold, Span<double> variance);

    // A fixed value is compared exactly; here it only must not add to the error.
    private void Unseen<T>(Inputs inputs, int headIndex, int query, Span<T> values)
        where T : System.Numerics.INumberBase<T>
    {
        int valueDim = ((AttentionProblem)inputs.Problem).ValueDim;
        for (int i = 0; i < values.Length; i++)
        {
            int place = i < valueDim ? AttentionOperation.O : AttentionOperation.Lse;
            values[i] = T.CreateChecked(Fixed(inputs, place, headIndex, query, i < valueDim ? i : 0) ?? 0);
        }
    }
}
