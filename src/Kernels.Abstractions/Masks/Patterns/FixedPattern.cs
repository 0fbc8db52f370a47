using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// Fixed attention of the Sparse Transformer (Child et al. 2019), section 4.2, with both sets of keys in one head (section 4.3): a query
/// sees its own block up to itself, and of each block before it the last keys, which summarise it. Causal.
/// </summary>
public sealed record FixedPattern : AttentionMask
{
    /// <summary>Creates the pattern.</summary>
    /// <param name="block">Tokens of a block.</param>
    /// <param name="summary">Keys at the end of each block that all later queries see, 1 to <paramref name="block"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public FixedPattern(int block, int summary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(summary, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(block, summary);
        (Block, Summary) = (block, summary);
    }

    /// <summary>Parses the name.</summary>
    public static MaskForm Form { get; } = new(
        "fixed128-c8", "fixed8-c1", "fixed(?<block>[0-9]+)-c(?<summary>[0-9]+)",
        numbers =>
        {
            int block = numbers.AtLeast("block", 1, "block");
            return new FixedPattern(block, numbers.Within("summary", 1, block, "summary"));
        });

    /// <summary>Tokens of a block.</summary>
    public int Block { get; }

    /// <summary>Keys of a block that all later queries see.</summary>
    public int Summary { get; }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"fixed{Block}-c{Summary}");

    /// <inheritdoc/>
    public override bool IsContiguous => false;

    /// <inheritdoc/>
    public override int Span => Block;

    /// <inheritdoc/>
    public override int Count(in MaskedHead head, int query, int key)
    {
        int position = query + head.Offset;
        return key <= position && (key / Block == position / Block || key % Block >= Block - Summary) ? 1 : 0;
    }

    /// <inheritdoc/>
    public override PatternPart Part(int index) => SummaryPart.Instance;

    /// <summary>Groups: the blocks. Runs: the block itself, then the summary of each block before it.</summary>
    private sealed record SummaryPart : PatternPart
    {
        public static SummaryPart Instance { get; } = new();

        public override int Groups(in MaskedHead head) => (head.Keys - 1) / Pattern(head).Block + 1;

        public override int MostRows(in MaskedHead head) => Math.Min(head.Queries, Pattern(head).Block);

        public override bool HasEveryRow(in MaskedHead head) => head.Offset >= 0;

        public override TokenRun Rows(in MaskedHead head, int group)
        {
            long begin = (long)group * Pattern(head).Block;
            return head.QueriesAt((int)begin, (int)Math.Min(head.Keys, begin + Pattern(head).Block));
        }

        public override int Group(in MaskedHead head, int query) =>
            query + head.Offset is >= 0 and var position ? position / Pattern(head).Block : -1;

        public override bool TryNext(in MaskedHead head, int group, TokenRun rows, ref int cursor, out TokenRun keys, out bool covered)
        {
            FixedPattern pattern = Pattern(head);
            int step = cursor++;
            covered = step > 0;
            keys = step == 0
                ? TokenRun.Range(group * pattern.Block, rows.Last + head.Offset + 1)
                : TokenRun.Range(step * pattern.Block - pattern.Summary, step * pattern.Block);
            return step <= group;
        }

        public override KeyRange Seen(in MaskedHead head, int query, TokenRun keys) => new(0, query + head.Offset + 1 - keys.Begin);

        private static FixedPattern Pattern(in MaskedHead head) => (FixedPattern)head.Mask;
    }
}
