using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Distances;

/// <summary>
/// The bias −slope·|i − j| of <see cref="SoftmaxAlibi"/> for the rows of a work item, computed where scores are in cache: two numbers a row, never a
/// matrix. Distances are counted from the visible key that is nearest to the query. Where that key is not at the query, this adds one number to all scores
/// of the row, which the softmax takes out; and it keeps the bias of keys with weight small, so that little is rounded however far positions are.
/// </summary>
internal readonly unsafe struct DistanceBias
{
    // With a smaller scale the bias of distant keys in units of unscaled scores exceeds float32: 2³¹ keys over the largest number, and some room.
    private const float SmallestScale = 1e-29f;

    private readonly float* slopes, offsets;
    private readonly int* nearest;

    /// <summary>A bias whose rows are to be <see cref="Set"/>.</summary>
    /// <param name="memory"><see cref="Length"/> floats.</param>
    /// <param name="rows">The most rows.</param>
    public DistanceBias(float* memory, int rows)
    {
        slopes = memory;
        offsets = slopes + rows;
        nearest = (int*)(offsets + rows);
    }

    /// <summary>Whether there is no bias: the default value.</summary>
    public bool IsNone => slopes == null;

    /// <summary>Floats of memory.</summary>
    public static int Length(int rows) => 3 * rows;

    /// <summary>Why the bias of a problem cannot be added to unscaled scores; null when it can.</summary>
    public static string? Refuses(AttentionProblem problem) =>
        problem.Scale != 0 && MathF.Abs(problem.Scale) < SmallestScale ? $"adds the bias to unscaled scores, and takes no scale below {SmallestScale}" : null;

    /// <summary>The factor of distances in units of unscaled scores, negative.</summary>
    public static float UnscaledSlope(AttentionProblem problem, int head) =>
        // Scores are multiplied by the rounded factor later, which the quotient takes into account.
        (float)(-SoftmaxAlibi.Slope(head, problem.Heads) / Math.Log(2) / ScoreScale.OfDifferences(problem.Scale));

    /// <summary>The visible key that is nearest to a query; any number where it sees none.</summary>
    public static int Nearest(AttentionProblem problem, int query)
    {
        KeyRange visible = problem.VisibleKeys(query);
        return visible.IsEmpty ? 0 : Math.Clamp(problem.QueryStart + query - problem.KeyStart, visible.Begin, visible.End - 1);
    }

    /// <summary>Sets a row.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="slope"><see cref="UnscaledSlope"/> of its head.</param>
    /// <param name="key"><see cref="Nearest(AttentionProblem, int)"/> to its query.</param>
    public void Set(int row, float slope, int key) => (slopes[row], nearest[row]) = (slope, key);

    /// <summary>The slope of a row.</summary>
    public float Slope(int row) => slopes[row];

    /// <summary>The key that is nearest to the query of a row.</summary>
    public int Nearest(int row) => nearest[row];

    /// <summary>Adds the bias to scores [key, row].</summary>
    /// <param name="scores">Of the first key, readable and writable for whole vectors of rows and a multiple of four keys.</param>
    /// <param name="stride">Floats from one key to the next.</param>
    /// <param name="block">The keys.</param>
    /// <param name="rows">Rows, whole vectors; all are set.</param>
    public void AddToColumns<TSet>(float* scores, nint stride, KeyRange block, int rows)
        where TSet : struct, IInstructionSet
    {
        // Exact in whole numbers, so that nothing is lost where both are large.
        for (int row = 0; row < rows; row++)
            offsets[row] = nearest[row] - block.Begin;
        var kernel = new ColumnDistances(scores, stride, block.Length, rows, slopes, offsets);
        TSet.Run(ref kernel);
    }

    /// <summary>Adds the bias to the scores of one row, [key].</summary>
    /// <param name="scores">Of the first key, readable and writable for whole vectors of keys.</param>
    /// <param name="block">The keys.</param>
    /// <param name="row">The row.</param>
    public void AddToRow<TSet>(float* scores, KeyRange block, int row)
        where TSet : struct, IInstructionSet
    {
        var kernel = new RowDistances(scores, block.Length, slopes[row], nearest[row] - block.Begin);
        TSet.Run(ref kernel);
    }
}
