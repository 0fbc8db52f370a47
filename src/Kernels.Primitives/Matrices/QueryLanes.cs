using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Softmax;

namespace Kernels.Primitives.Matrices;

/// <summary>Scores with the queries of a tile across the lanes: [keys, queries].</summary>
public static unsafe class QueryLanes<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>
    /// Copies queries into lanes, times the sign of the scale, so that the largest product with a key is the largest score. Lanes without a
    /// query are zeros.
    /// </summary>
    /// <param name="queries">[count, headDim], contiguous.</param>
    /// <param name="count">Queries.</param>
    /// <param name="headDim">Channels.</param>
    /// <param name="scale">Factor of the scores; its size is left to <see cref="ColumnSoftmax{TSimd, TVector}"/>.</param>
    /// <param name="destination">[headDim, lanes].</param>
    /// <param name="lanes">A multiple of the vector width, at least <paramref name="count"/>.</param>
    public static void Pack(float* queries, int count, int headDim, float scale, float* destination, int lanes)
    {
        if (count < lanes)
            new Span<float>(destination, headDim * lanes).Clear();
        Transpose.Copy(queries, headDim, count, headDim, destination, lanes);
        if (!(scale > 0))
            TSet.Scale(destination, ScoreScale.OfQueries(scale), destination, headDim * lanes);
    }

    /// <summary>Sets to −∞ the scores of keys that a query does not see.</summary>
    /// <param name="problem">Shapes and mask.</param>
    /// <param name="begin">The query of the first lane.</param>
    /// <param name="end">One past the query of the last.</param>
    /// <param name="visited">The keys that the scores belong to; each query's visible keys lie inside.</param>
    /// <param name="scores">[visited keys, lanes].</param>
    /// <param name="stride">Floats from one key to the next.</param>
    public static void Hide(AttentionProblem problem, int begin, int end, KeyRange visited, float* scores, nint stride)
    {
        for (int query = begin; query < end; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            float* lane = scores + (query - begin);
            if (visible.IsEmpty)
                visible = new(visited.End, visited.End);
            for (int key = visited.Begin; key < visible.Begin; key++)
                lane[(key - visited.Begin) * stride] = float.NegativeInfinity;
            for (int key = visible.End; key < visited.End; key++)
                lane[(key - visited.Begin) * stride] = float.NegativeInfinity;
        }
    }
}
