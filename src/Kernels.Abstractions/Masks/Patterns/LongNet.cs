using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// Dilated attention of LongNet (Ding et al. 2023), section 3: for each pair of a segment length w and a rate r the sequence is cut
/// into segments of w tokens, and within each the tokens j with j mod r = head mod r attend to each other. The outputs of the pairs
/// are mixed by their softmax denominators (equation 10): one softmax in which a key counts once for each pair that shows it.
/// </summary>
public sealed record LongNet : AttentionMask
{
    private readonly SegmentPart[] pairs;

    /// <summary>Creates the pattern.</summary>
    /// <exception cref="ArgumentException">There is none, a rate is less than 1, or a segment shorter than its rate.</exception>
    public LongNet(params IReadOnlyList<(int Segment, int Rate)> pairs)
    {
        if (pairs.Count == 0 || pairs.Any(pair => pair.Rate < 1 || pair.Segment < pair.Rate))
            throw new ArgumentException("Segments must be at least as long as their rate, and rates at least 1.", nameof(pairs));
        this.pairs = [.. pairs.Select(pair => new SegmentPart(pair.Segment, pair.Rate))];
    }

    /// <summary>Parses the name.</summary>
    public static MaskForm Form { get; } = new(
        "longnet512x1+2048x4", "longnet8x1+32x4", @"longnet(?<segment>[0-9]+)x(?<rate>[0-9]+)(\+(?<segment>[0-9]+)x(?<rate>[0-9]+))*",
        numbers =>
        {
            (int Segment, int Rate)[] pairs = [.. numbers.All("segment", 1, "segment").Zip(numbers.All("rate", 1, "rate"))];
            return Array.Find(pairs, pair => pair.Segment < pair.Rate) is { Rate: > 0 } wrong
                ? throw numbers.Error($"the rate {wrong.Rate} is more than its segment of {wrong.Segment} tokens")
                : new LongNet(pairs);
        });

    /// <inheritdoc/>
    public override string Name => "longnet" + string.Join(
        '+', pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Segment}x{pair.Rate}")));

    /// <inheritdoc/>
    public override bool IsContiguous => false;

    /// <inheritdoc/>
    public override int Span => pairs.Max(pair => pair.Segment);

    /// <inheritdoc/>
    public override int PictureTokens => Span <= int.MaxValue / 2 ? 2 * Span : Span;

    /// <inheritdoc/>
    public override int Parts => pairs.Length;

    /// <inheritdoc/>
    public override PatternPart Part(int index) => pairs[index];

    /// <inheritdoc/>
    public override int Count(in MaskedHead head, int query, int key)
    {
        int position = query + head.Offset, count = 0;
        if (position < 0)
            return 0;
        foreach ((int segment, int rate) in pairs)
        {
            bool together = position / segment == key / segment;
            bool chosen = position % segment % rate == head.Head % rate && key % segment % rate == head.Head % rate;
            count += together && chosen ? 1 : 0;
        }
        return count;
    }

    /// <inheritdoc/>
    public bool Equals(LongNet? other) => other is not null && pairs.SequenceEqual(other.pairs);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>One pair: a group is a segment, and all its chosen rows see all its chosen keys.</summary>
    private sealed record SegmentPart(int Segment, int Rate) : PatternPart
    {
        public override int Groups(in MaskedHead head) => (head.Keys - 1) / Segment + 1;

        public override int MostRows(in MaskedHead head) => Math.Min(head.Queries, (Math.Min(Segment, head.Keys) - 1) / Rate + 1);

        public override bool HasEveryRow(in MaskedHead head) => Rate == 1 && head.Offset >= 0;

        public override TokenRun Rows(in MaskedHead head, int group)
        {
            TokenRun keys = Chosen(head, group);
            // Tokens of the segment that precede the first query.
            int skipped = Math.Clamp((int)((head.Offset - (long)keys.Begin + Rate - 1) / Rate), 0, keys.Count);
            return new(keys[skipped] - head.Offset, Rate, keys.Count - skipped);
        }

        public override int Group(in MaskedHead head, int query)
        {
            int position = query + head.Offset;
            return position >= 0 && position % Segment % Rate == head.Head % Rate ? position / Segment : -1;
        }

        public override bool TryNext(in MaskedHead head, int group, TokenRun rows, ref int cursor, out TokenRun keys, out bool covered)
        {
            keys = Chosen(head, group);
            covered = true;
            return cursor++ == 0;
        }

        private TokenRun Chosen(in MaskedHead head, int group)
        {
            long begin = (long)group * Segment;
            return TokenRun.Stepped(
                (int)Math.Min(head.Keys, begin + head.Head % Rate), (int)Math.Min(head.Keys, begin + Segment), Rate);
        }
    }
}
