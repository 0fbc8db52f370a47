using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// An attention whose rows share the work of a head, such as a state or a projection of all keys, under contiguous masks. The expected
/// error is the change of gold when every input is moved by one unit in the last place, up or down at random: an error of this size is no
/// larger than that of rounding the inputs.
/// </summary>
/// <param name="operation">The operation.</param>
public abstract class HeadReference(Operation operation) : OperationReference(operation)
{
    // Of many rows the maximum is taken. Among few, one row or two may decide, those where two features or keys nearly tie, and a single
    // sample of their error can be near 0.
    private const int FewRows = 64, SamplesOfFewRows = 4;

    /// <inheritdoc/>
    public sealed override bool SharesWork(Problem problem) => true;

    /// <inheritdoc/>
    public sealed override void Gold(Inputs inputs, RowBlock rows, Span<double> values)
    {
        values.Clear();
        var problem = (AttentionProblem)inputs.Problem;
        Gold(
            problem, rows.HeadIndex % problem.Heads, rows.Tokens, inputs.HeadQ(rows.HeadIndex), inputs.HeadK(rows.HeadIndex),
            inputs.HeadV(rows.HeadIndex), values);
    }

    /// <inheritdoc/>
    public sealed override float[][] Plain(Inputs inputs, RowBlock rows, Element products) => Plain(inputs, rows.HeadIndex, rows.Tokens);

    /// <inheritdoc/>
    public sealed override double[] ExpectedError(Inputs inputs, RowBlock rows, Element products, ReadOnlySpan<double> gold)
    {
        var problem = (AttentionProblem)inputs.Problem;
        int head = rows.HeadIndex, samples = rows.Tokens.Length <= FewRows ? SamplesOfFewRows : 1;
        double[] errors = new double[gold.Length], moved = new double[gold.Length];
        for (int sample = 0; sample < samples; sample++)
        {
            Array.Clear(moved);
            MovedGold(
                problem, head % problem.Heads, rows.Tokens, Moved(inputs.HeadQ(head), head, sample), Moved(inputs.HeadK(head), head, sample),
                Moved(inputs.HeadV(head), head, sample), new SeededNormal(head, sample), moved);
            for (int i = 0; i < errors.Length; i++)
                errors[i] += (moved[i] - gold[i]) * (moved[i] - gold[i]) / samples;
        }
        AddVariance(inputs, head, rows.Tokens, gold, errors);
        foreach (ref double error in errors.AsSpan())
            error = Math.Sqrt(error);
        return errors;
    }

    /// <inheritdoc/>
    public sealed override float? Fixed(Inputs inputs, int operand, int headIndex, int token, int channel)
    {
        var problem = (AttentionProblem)inputs.Problem;
        return problem.IsBlind(headIndex % problem.Heads, token) ? 0 : null;
    }

    /// <summary>Some rows of a head in float64, [queries, valueDim], initially zeros.</summary>
    protected abstract void Gold(
        AttentionProblem problem, int head, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<double> output);

    /// <summary>Some rows of a head in each variant of plain float32, [queries, valueDim].</summary>
    protected abstract float[][] Plain(Inputs inputs, int headIndex, int[] queries);

    /// <summary>
    /// Gold of moved inputs. An operation whose float32 rounds intermediate numbers whose errors those of inputs do not cover, such as
    /// large exponents, moves those too.
    /// </summary>
    protected virtual void MovedGold(
        AttentionProblem problem, int head, ReadOnlySpan<int> queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        SeededNormal random, Span<double> output) => Gold(problem, head, queries, q, k, v, output);

    /// <summary>Adds the variance of rounding errors that changes of the inputs do not cover.</summary>
    protected virtual void AddVariance(Inputs inputs, int headIndex, int[] queries, ReadOnlySpan<double> gold, Span<double> variance)
    {
    }

    /// <summary>The results of several variants, computed in parallel: on a single long head there is no other parallelism.</summary>
    protected static float[][] Together(params Func<float[]>[] ways)
    {
        float[][] results = new float[ways.Length][];
        Parallel.For(0, ways.Length, way => results[way] = ways[way]());
        return results;
    }

    private static float[] Moved(ReadOnlySpan<float> numbers, int headIndex, int sample)
    {
        var random = new SeededNormal(headIndex, sample, numbers.Length);
        float[] moved = numbers.ToArray();
        UnitSteps.Move(moved, ref random);
        return moved;
    }
}
