using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>
/// The output rows that are compared with gold: all rows of small problems. Of large problems, the first and last rows, rows beside
/// multiples of common tile sizes, and random rows that differ between heads. Of a long recurrence, all of these among its first rows.
/// </summary>
public sealed class ReferenceRows
{
    // Multiplications of gold that take about a second on a core.
    private const double DefaultBudget = 1e8;
    private const int FewestPerHead = 24;

    private readonly int[][] tokens;

    private ReferenceRows(int[][] tokens)
    {
        this.tokens = tokens;
        Count = tokens.Sum(head => (long)head.Length);
    }

    /// <summary>Heads of the output, counted through all batches.</summary>
    public int Heads => tokens.Length;

    /// <summary>Rows of all heads together.</summary>
    public long Count { get; }

    /// <summary>Every row of every group of outputs.</summary>
    public static IReadOnlyList<ReferenceRows> All(OperationReference reference, Problem problem) =>
        [.. Enumerable.Range(0, reference.Operation.OutputGroups.Count).Select(group => Sample(Output(reference, problem, group), int.MaxValue, 0))];

    /// <summary>Every row when gold takes no longer than a second or two, otherwise a sample that takes as long.</summary>
    /// <param name="reference">Of the operation.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="group">Number of the group of outputs.</param>
    /// <param name="seed">Of the sample.</param>
    public static ReferenceRows Choose(OperationReference reference, Problem problem, int group = 0, int seed = 0)
    {
        Layout output = Output(reference, problem, group);
        double perHead = Math.Max(FewestPerHead, DefaultBudget / Math.Max(1, reference.RowCost(problem, group)));
        return Sample(output, (int)Math.Min(perHead, output.Tokens), seed, reference.Reachable(problem, group));
    }

    /// <summary>A sample of about <paramref name="perHead"/> rows of each head of an output, of the first <paramref name="reachable"/>.</summary>
    public static ReferenceRows Sample(Layout output, int perHead, int seed, int reachable = int.MaxValue)
    {
        int rows = Math.Min(output.Tokens, reachable);
        int[][] tokens = new int[output.Batch * output.Heads][];
        for (int head = 0; head < tokens.Length; head++)
        {
            tokens[head] = perHead >= rows
                ? [.. Enumerable.Range(0, rows)]
                : SampleHead(rows, perHead, seed, head);
        }
        return new(tokens);
    }

    /// <summary>The rows of one head, ascending; heads are counted through all batches.</summary>
    public ReadOnlySpan<int> OfHead(int headIndex) => tokens[headIndex];

    private static Layout Output(OperationReference reference, Problem problem, int group) =>
        reference.Operation.Operands(problem, Format.Float32)[reference.Operation.OutputGroups[group][0]].Layout;

    private static int[] SampleHead(int count, int perHead, int seed, int head)
    {
        var chosen = new SortedSet<int>();
        int last = count - 1;
        int lastTile = last / 64 * 64;
        foreach (int token in (ReadOnlySpan<int>)[0, last, last - 1, lastTile, lastTile - 1, last / 6 * 6, 1, 63, 64, 65, 127, 128])
        {
            if (token >= 0 && token <= last && chosen.Count < perHead)
                chosen.Add(token);
        }
        var random = new SeededNormal(seed, head);
        while (chosen.Count < perHead)
            chosen.Add(random.NextIndex(count));
        return [.. chosen];
    }
}
