using System.Reflection;
using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests.Abstractions;

/// <summary>Patterns as they are walked are the patterns as they are defined.</summary>
[RunsOnce]
public sealed class PatternTests
{
    // Queries and keys: no multiple of anything, shorter than a block, before the sequence, decoding.
    private static readonly (int Queries, int Keys)[] sizes = [(1, 1), (1, 90), (7, 7), (50, 131), (101, 101), (97, 40)];

    public static TheoryData<string> Names =>
    [
        "full", "causal", "causal-topleft", "window10", "window3+0", "dilated6x3", "dilated2+0x7", "dilated200x50", "longnet16x1+40x3",
        "longnet7x7", "longnet32x2+200x5+9x1", "blocks16-p30-seed1", "blocks32-p100-seed2", "bigbird16-w1-g1-r1-seed1", "bigbird16-w3-g0-r9-seed2",
        "bigbird32-w5-g2-r0-seed3", "longformer8-g3", "longformer20-g60", "longformer2-g0", "strided5", "strided1", "strided64", "fixed16-c3",
        "fixed5-c5", "fixed200-c1",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parts_add_up_to_the_definition_entry_by_entry(string name)
    {
        AttentionMask mask = Parse(name);
        foreach ((int queries, int keys) in sizes)
            for (int head = 0; head < 4; head++)
                for (int tileRows = 1; tileRows <= 64; tileRows = 4 * tileRows + 3)
                    AssertAddsUp(new MaskedHead(mask, head, queries, keys), tileRows);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Groups_have_the_rows_that_they_say(string name)
    {
        AttentionMask mask = Parse(name);
        foreach ((int queries, int keys) in sizes)
        {
            bool everyRow = true, said = true;
            for (int index = 0; index < 4 * mask.Parts; index++)
            {
                var head = new MaskedHead(mask, index % 4, queries, keys);
                PatternPart part = mask.Part(index / 4);
                int[] groupOf = [.. Enumerable.Repeat(-1, queries)];
                for (int group = 0; group < part.Groups(head); group++)
                {
                    TokenRun rows = part.Rows(head, group);
                    Assert.InRange(rows.Count, 0, part.MostRows(head));
                    for (int row = 0; row < rows.Count; row++)
                    {
                        Assert.Equal(-1, groupOf[rows[row]]);
                        groupOf[rows[row]] = group;
                    }
                }
                Assert.Equal(groupOf, Enumerable.Range(0, queries).Select(query => part.Group(head, query)));
                (everyRow, said) = (everyRow && !groupOf.Contains(-1), said && part.HasEveryRow(head));
            }
            Assert.True(everyRow || !said, $"{name} on {queries} × {keys}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pairs_and_keys_are_counted_as_they_are_defined(string name)
    {
        foreach ((int queries, int keys) in sizes)
        {
            var problem = new AttentionProblem(2, 4, 2, queries, keys, 8, Parse(name));
            long pairs = 0;
            var seen = new HashSet<(int, int)>();
            for (int head = 0; head < 4; head++)
            {
                for (int query = 0; query < queries; query++)
                {
                    int[] counts = [.. Enumerable.Range(0, keys).Select(key => problem.Mask.Count(problem.Head(head), query, key))];
                    pairs += counts.Sum();
                    Assert.Equal(counts.Sum() == 0, problem.IsBlind(head, query));
                    seen.UnionWith(Enumerable.Range(0, keys).Where(key => counts[key] > 0).Select(key => (head / 2, key)));
                }
            }
            Assert.Equal(pairs, problem.CountVisiblePairs());
            Assert.Equal(4.0 * 2 * pairs * 8, Operations.Softmax.Flops(problem));
            // Keys between those that far queries see are read as well.
            if (queries >= keys)
                Assert.Equal(sizeof(float) * 2L * (problem.QueryLength + 2 * 8 * seen.Count), Operations.Softmax.Bytes(problem, Format.Float32));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_read_back(string name)
    {
        Assert.Equal(name, Parse(name).Name);
        Assert.Equal(Parse(name), Parse(name));
        var problem = new AttentionProblem(1, 2, 1, 30, 40, 8, Parse(name), 0.5f);
        Assert.Equal(problem, ProblemName.Parse(problem.ToString()));
    }

    [Theory]
    [InlineData("longnet0x1", "segment must be at least 1")]
    [InlineData("longnet8x0", "rate must be at least 1")]
    [InlineData("longnet4x8", "rate 8 is more than its segment")]
    [InlineData("dilated0x3", "window must be at least 1")]
    [InlineData("dilated8x0", "rate must be at least 1")]
    [InlineData("window7", "write both sides, such as 3+4")]
    [InlineData("blocks8-p10-seed1", "block must be 16 to 128")]
    [InlineData("blocks256-p10-seed1", "block must be 16 to 128")]
    [InlineData("blocks64-p0-seed1", "percentage must be 1 to 100")]
    [InlineData("blocks64-p10-seed99999999999", "is too large")]
    [InlineData("blocks64@no-such-file", "cannot be read")]
    [InlineData("bigbird64-w2-g1-r3-seed1", "odd number of blocks")]
    [InlineData("longformer0-g1", "window must be at least 2")]
    [InlineData("strided0", "stride must be at least 1")]
    [InlineData("fixed8-c9", "summary must be 1 to 8")]
    public void A_name_that_is_out_of_range_says_why(string name, string reason)
    {
        Assert.Contains(reason, Assert.Throws<FormatException>(() => MaskName.Parse(name)).Message, StringComparison.Ordinal);
        Assert.False(MaskName.TryParse(name, out _));
    }

    [Fact]
    public void Every_mask_is_listed()
    {
        IEnumerable<Type> written = typeof(AttentionMask).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(AttentionMask)));
        Assert.All(written, type =>
        {
            PropertyInfo? form = type.GetProperty("Form", BindingFlags.Public | BindingFlags.Static);
            Assert.True(form is not null, $"{type.Name} has no {nameof(MaskForm)}");
            Assert.Contains(form.GetValue(null), MaskForms.All);
        });
        Assert.All(MaskForms.All.Where(form => form.Picture.Length > 0), form => Assert.NotNull(form.Read(form.Picture, MaskLines.OfFiles)));
    }

    [Fact]
    public void A_key_counts_once_for_every_pair_of_segment_and_rate()
    {
        // Head 1 takes every other token from the second on; 3 and 5 share both segments, 3 and 9 the longer one alone.
        var head = new MaskedHead(Parse("longnet8x1+16x2"), 1, 16, 16);
        Assert.Equal([2, 1, 1, 0], new[] { 5, 4, 9, 10 }.Select(key => head.Mask.Count(head, 3, key)));
    }

    [Fact]
    public void Random_blocks_of_BigBird_are_distinct_and_differ_from_head_to_head()
    {
        AttentionMask mask = Parse("bigbird16-w3-g1-r4-seed1");
        int[][] seen = [.. Enumerable.Range(0, 2).Select(head => Enumerable.Range(0, 64)
            .Where(block => mask.Count(new MaskedHead(mask, head, 1024, 1024), 16 * 30, 16 * block) > 0).ToArray())];
        Assert.All(seen, blocks => Assert.Equal(1 + 3 + 4, blocks.Length));
        Assert.All(seen, blocks => Assert.Superset(new HashSet<int> { 0, 29, 30, 31 }, blocks.ToHashSet()));
        Assert.NotEqual(seen[0], seen[1]);
    }

    [Fact]
    public void A_tenth_of_the_blocks_is_about_a_tenth_of_the_pairs()
    {
        var problem = new AttentionProblem(1, 1, 1, 16384, 16384, 1, Parse("blocks64-p10-seed1"));
        Assert.InRange(problem.CountVisiblePairs() / (16384.0 * 16384), 0.095, 0.105);
    }

    private static AttentionMask Parse(string name) => MaskName.Parse(name) ?? throw new ArgumentException(name);

    private static void AssertAddsUp(MaskedHead head, int tileRows)
    {
        int[,] counts = new int[head.Queries, head.Keys];
        for (int index = 0; index < head.Mask.Parts; index++)
        {
            PatternPart part = head.Mask.Part(index);
            for (int group = 0; group < part.Groups(head); group++)
            {
                TokenRun rows = part.Rows(head, group);
                for (int begin = 0; begin < rows.Count; begin += tileRows)
                    AddTile(head, part, group, rows.Slice(new KeyRange(begin, Math.Min(rows.Count, begin + tileRows))), counts);
            }
        }
        for (int query = 0; query < head.Queries; query++)
            for (int key = 0; key < head.Keys; key++)
                Assert.True(head.Mask.Count(head, query, key) == counts[query, key], $"{head}: query {query}, key {key}, tiles of {tileRows}");
    }

    private static void AddTile(MaskedHead head, PatternPart part, int group, TokenRun tile, int[,] counts)
    {
        int cursor = 0;
        var visited = new HashSet<int>();
        while (part.TryNext(head, group, tile, ref cursor, out TokenRun keys, out bool covered))
        {
            Assert.True(keys.Count > 0);
            for (int i = 0; i < keys.Count; i++)
                Assert.True(visited.Add(keys[i]), "two runs of a tile have a key in common");
            for (int row = 0; row < tile.Count; row++)
            {
                KeyRange seen = covered ? new(0, keys.Count) : part.Seen(head, tile[row], keys);
                if (!seen.IsEmpty)
                    Assert.True(seen.Begin >= 0 && seen.End <= keys.Count);
                for (int i = seen.Begin; i < seen.End; i++)
                    counts[tile[row], keys[i]]++;
            }
        }
    }
}
