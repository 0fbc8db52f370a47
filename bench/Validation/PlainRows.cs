using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>
/// A definition in plain float32, in each of its common ways: <see cref="PlainFloat"/> and <see cref="PlainRecurrent"/> for weighted means, a
/// recurrence of its own for each kind of state.
/// </summary>
internal sealed class PlainRows
{
    private readonly Definition definition;
    private readonly AttentionInputs inputs;

    // Rows of a head by the recurrence of linear attention, made once for all its rows.
    private readonly Lazy<float[]>[] recurrent;

    public PlainRows(Definition definition, AttentionInputs inputs)
    {
        this.definition = definition;
        this.inputs = inputs;
        recurrent = [.. Enumerable.Range(0, inputs.Problem.Batch * inputs.Problem.Heads)
            .Select(head => new Lazy<float[]>(() => PlainRecurrent.Head(inputs, head)))];
    }

    /// <summary>Rows of a head by each way, [rows, headDim]; heads are counted through all batches.</summary>
    public float[][] Compute(int headIndex, int[] queries) => definition switch
    {
        RetentionDefinition retention => PlainRetention.Rows(retention, inputs, headIndex, queries),
        DeltaDefinition => PlainDelta.Rows(inputs, headIndex, queries),
        FavorDefinition favor => PlainFavor.Rows(favor, inputs, headIndex, queries),
        LinformerDefinition linformer => PlainLinformer.Rows(linformer, inputs, headIndex, queries),
        _ => WeightedMeans(headIndex, queries),
    };

    /// <summary>The results of several ways, on as many threads as there are: over a single long head nothing else is parallel.</summary>
    public static float[][] Together(params Func<float[]>[] ways)
    {
        float[][] results = new float[ways.Length][];
        Parallel.For(0, ways.Length, way => results[way] = ways[way]());
        return results;
    }

    private float[][] WeightedMeans(int headIndex, int[] queries)
    {
        AttentionProblem problem = inputs.Problem;
        int d = problem.HeadDim;
        float[][] ways = new float[PlainFloat.Ways][];
        for (int way = 0; way < ways.Length; way++)
        {
            ways[way] = new float[queries.Length * d];
            bool takesRecurrence = way == PlainFloat.Ways - 1 && definition == Definition.LinearElu && PlainRecurrent.Takes(problem);
            for (int row = 0; row < queries.Length; row++)
            {
                Span<float> output = ways[way].AsSpan(row * d, d);
                if (takesRecurrence)
                    recurrent[headIndex].Value.AsSpan(queries[row] * d, d).CopyTo(output);
                else
                {
                    PlainFloat.Row(
                        definition, problem, queries[row], inputs.HeadQ(headIndex), inputs.HeadK(headIndex), inputs.HeadV(headIndex), way, output,
                        inputs.Precision);
                }
            }
        }
        return ways;
    }
}
