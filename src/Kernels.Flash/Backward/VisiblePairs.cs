using Kernels.Abstractions;

namespace Kernels.Flash.Backward;

/// <summary>What the queries of a tile see of a block of keys.</summary>
internal readonly unsafe ref struct VisiblePairs
{
    private readonly ReadOnlySpan<KeyRange> rows;
    private readonly bool covered;

    /// <param name="problem">The mask.</param>
    /// <param name="head">The query head.</param>
    /// <param name="queries">The queries of the tile.</param>
    /// <param name="block">The keys of the block.</param>
    /// <param name="memory">Room for a range a query.</param>
    /// <param name="bias">Under a pattern, receives the logarithms of the counts, [query, key of the block].</param>
    /// <param name="stride">Floats from one query of the bias to the next.</param>
    public VisiblePairs(AttentionProblem problem, int head, KeyRange queries, KeyRange block, Span<KeyRange> memory, float* bias, nint stride)
    {
        if (bias != null)
        {
            Keys = FillBias(problem, head, queries, block, bias, stride);
            covered = true;
            return;
        }
        if (problem.Mask is FullMask)
        {
            (Keys, covered) = (new(0, block.Length), true);
            return;
        }
        Span<KeyRange> ranges = memory[..queries.Length];
        covered = true;
        for (int row = 0; row < ranges.Length; row++)
        {
            KeyRange seen = problem.VisibleKeys(queries.Begin + row).Intersect(block);
            ranges[row] = seen.IsEmpty ? default : new(seen.Begin - block.Begin, seen.End - block.Begin);
            Keys = Keys.Union(ranges[row]);
            covered &= seen.Length == block.Length;
        }
        rows = ranges;
    }

    /// <summary>The keys of the block, from its first, that some query sees.</summary>
    public KeyRange Keys { get; }

    /// <summary>Sets numbers of hidden pairs [query, key of the block] to zero, among the keys that are computed.</summary>
    public void Hide(float* pairs, nint stride, KeyRange computed)
    {
        for (int row = 0; row < rows.Length && !covered; row++)
        {
            KeyRange seen = rows[row].IsEmpty ? new(computed.End, computed.End) : rows[row].Intersect(computed);
            new Span<float>(pairs + row * stride + computed.Begin, seen.Begin - computed.Begin).Clear();
            new Span<float>(pairs + row * stride + seen.End, computed.End - seen.End).Clear();
        }
    }

    private static KeyRange FillBias(AttentionProblem problem, int head, KeyRange queries, KeyRange block, float* bias, nint stride)
    {
        KeyRange any = default;
        MaskedHead masked = problem.Head(head);
        for (int row = 0; row < queries.Length; row++)
        {
            var pairs = new Span<float>(bias + row * stride, block.Length);
            pairs.Fill(float.NegativeInfinity);
            for (int index = 0; index < problem.Mask.Parts; index++)
                any = any.Union(CountRow(problem.Mask.Part(index), masked, queries.Begin + row, block, pairs));
        }
        return any;
    }

    private static KeyRange CountRow(PatternPart part, in MaskedHead head, int query, KeyRange block, Span<float> pairs)
    {
        KeyRange any = default;
        int group = part.Group(head, query), cursor = 0;
        TokenRun own = TokenRun.Range(query, query + 1);
        while (group >= 0 && part.TryNext(head, group, own, ref cursor, out TokenRun keys, out bool whole))
        {
            KeyRange seen = whole ? new(0, keys.Count) : part.Seen(head, query, keys);
            int first = Math.Max(seen.Begin, (block.Begin - keys.Begin + keys.Step - 1) / keys.Step);
            for (int i = first; i < seen.End && keys[i] < block.End; i++)
            {
                int key = keys[i] - block.Begin;
                pairs[key] = float.IsNegativeInfinity(pairs[key]) ? 0 : MathF.Log(MathF.Exp(pairs[key]) + 1);
                any = any.Union(new(key, key + 1));
            }
        }
        return any;
    }
}
