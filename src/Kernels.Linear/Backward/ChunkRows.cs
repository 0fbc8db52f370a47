using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>Queries of a chunk and their pairs with the loaded keys, in both passes.</summary>
internal static unsafe class ChunkRows<TSet>
    where TSet : struct, IInstructionSet
{
    private const int Chunk = ChunkLayout.Chunk;

    /// <summary>Some queries of a head.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="call">The operands.</param>
    /// <param name="batch">The sequence.</param>
    /// <param name="head">The head.</param>
    /// <param name="queries">At most a chunk.</param>
    /// <param name="origin">The key from which the ends of their keys are counted.</param>
    /// <param name="seen">Receives those ends, at least 0.</param>
    public static GradientRows Of(GradientRule<TSet> rule, in AttentionCall call, int batch, int head, KeyRange queries, int origin, Span<int> seen)
    {
        AttentionProblem problem = call.Problem;
        for (int row = 0; row < queries.Length; row++)
            seen[row] = Math.Max(0, problem.VisibleKeys(queries.Begin + row).End - origin);
        nint first = ((nint)batch * problem.Heads + head) * problem.Queries + queries.Begin, all = (nint)problem.Batch * problem.Heads * problem.Queries;
        float* sums = rule.SharedNumbers == 0 ? null : (float*)call.Shared + first;
        return new(
            seen[..queries.Length], call.Q.At<float>(batch, head, queries.Begin), call[rule.Operation.GradO].At<float>(batch, head, queries.Begin),
            sums, sums == null ? null : sums + all);
    }

    /// <summary>The gradients of the weights of some rows, Pairs = dO·Vᵀ weighed, and zeros for keys that a row does not see.</summary>
    public static void MultiplyPairs(GradientRule<TSet> rule, GradientScratch<TSet> parts, in GradientRows rows, int first, int count, int most)
    {
        MatrixView pairs = new MatrixView(parts.Pairs, Chunk).From(first, 0);
        PartialProduct<TSet>.Multiply(
            count, parts.ValueDim, InstructionSet.WholeVectors<TSet>(most), new MatrixView(rows.GradO + first * parts.ValueDim, parts.ValueDim),
            new MatrixView(parts.ValueLanes, Chunk), pairs);
        rule.WeighPairs(pairs.Start, parts, rows, first, count);
        Hide(pairs, rows.Seen.Slice(first, count));
    }

    /// <summary>The weights of some rows, Weights = QueryFeatures·KeyFeaturesᵀ weighed, likewise.</summary>
    public static void MultiplyWeights(GradientRule<TSet> rule, GradientScratch<TSet> parts, in GradientRows rows, int first, int count, int most)
    {
        MatrixView weights = new MatrixView(parts.Weights, Chunk).From(first, 0);
        PartialProduct<TSet>.Multiply(
            count, parts.HeadDim, InstructionSet.WholeVectors<TSet>(most), new MatrixView(parts.QueryFeatures, parts.KeyStride).From(first, 0),
            new MatrixView(parts.KeyLanes, Chunk), weights);
        rule.Weigh(weights.Start, parts, rows.Seen.Slice(first, count));
        Hide(weights, rows.Seen.Slice(first, count));
    }

    private static void Hide(MatrixView rows, ReadOnlySpan<int> seen)
    {
        for (int row = 0; row < seen.Length; row++)
            new Span<float>(rows.From(row, seen[row]).Start, Chunk - seen[row]).Clear();
    }
}
