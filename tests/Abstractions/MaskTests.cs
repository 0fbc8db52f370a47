using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests.Abstractions;

public class MaskTests
{
    [Fact]
    public void Causal_aligned_to_the_last_key_shows_the_last_query_everything()
    {
        var problem = new AttentionProblem(1, 1, 1, 3, 5, 1, AttentionMask.Causal);

        Assert.Equal([new(0, 3), new(0, 4), new(0, 5)], Rows(problem));
    }

    [Fact]
    public void Causal_with_more_queries_than_keys_shows_the_first_queries_nothing()
    {
        var problem = new AttentionProblem(1, 1, 1, 5, 3, 1, AttentionMask.Causal);

        Assert.Equal([true, true, false, false, false], Rows(problem).Select(row => row.IsEmpty));
        Assert.Equal(1 + 2 + 3, problem.CountVisiblePairs());
    }

    [Fact]
    public void Causal_top_left_shows_the_first_query_the_first_key()
    {
        var problem = new AttentionProblem(1, 1, 1, 4, 2, 1, AttentionMask.CausalTopLeft);

        Assert.Equal([new(0, 1), new(0, 2), new(0, 2), new(0, 2)], Rows(problem));
    }

    [Theory]
    [InlineData("causal")]
    [InlineData("causal-topleft")]
    [InlineData("window4")]
    public void A_piece_of_the_keys_is_seen_as_in_the_whole(string name)
    {
        Assert.True(MaskName.TryParse(name, out AttentionMask? mask));
        var whole = new AttentionProblem(1, 1, 1, 9, 13, 1, mask, queryStart: 2, keyStart: 1);
        AttentionProblem piece = whole.Step(new KeyRange(3, 8));
        for (int query = 0; query < whole.Queries; query++)
            for (int key = 0; key < piece.Keys; key++)
                Assert.Equal(whole.VisibleKeys(query).Contains(3 + key), piece.VisibleKeys(query).Contains(key));
    }

    [Theory]
    [InlineData("h1-q64@-64-k1@2147483646-d8")]
    [InlineData("h1-q2@2147483646-k8-d8")]
    [InlineData("h1-q2@-3-k8-d8")]
    public void Positions_whose_distance_is_no_int_are_refused(string name) =>
        Assert.Contains("Positions must be", Assert.ThrowsAny<Exception>(() => ProblemName.Parse(name)).Message);

    [Fact]
    public void Window_is_cut_at_both_ends()
    {
        var problem = new AttentionProblem(1, 1, 1, 5, 5, 1, AttentionMask.Window(1, 2));

        Assert.Equal([new(0, 3), new(0, 4), new(1, 5), new(2, 5), new(3, 5)], Rows(problem));
    }

    [Fact]
    public void A_window_as_wide_as_an_int_is_the_full_mask()
    {
        var problem = new AttentionProblem(1, 1, 1, 5, 7, 1, AttentionMask.Window(int.MaxValue, int.MaxValue));

        Assert.Equal(35, problem.CountVisiblePairs());
    }

    [Theory]
    [InlineData("full")]
    [InlineData("causal")]
    [InlineData("causal-topleft")]
    [InlineData("window4")]
    [InlineData("window0+3")]
    public void Tile_ranges_are_the_union_and_the_intersection_of_the_rows(string name)
    {
        Assert.True(MaskName.TryParse(name, out AttentionMask? mask));
        var problem = new AttentionProblem(1, 1, 1, 11, 7, 1, mask);
        for (int begin = 0; begin < problem.Queries; begin++)
        {
            for (int end = begin + 1; end <= problem.Queries; end++)
            {
                IEnumerable<KeyRange> rows = Rows(problem).Skip(begin).Take(end - begin);
                for (int key = 0; key < problem.Keys; key++)
                {
                    Assert.Equal(rows.All(row => row.Contains(key)), problem.KeysSeenByAll(begin, end).Contains(key));
                    if (rows.Any(row => row.Contains(key)))
                        Assert.True(problem.KeysSeenByAny(begin, end).Contains(key));
                }
            }
        }
    }

    [Fact]
    public void Kv_heads_serve_query_heads_in_order()
    {
        var problem = new AttentionProblem(1, 6, 2, 1, 1, 1);

        Assert.Equal([0, 0, 0, 1, 1, 1], Enumerable.Range(0, 6).Select(problem.KvHead));
    }

    [Fact]
    public void Flops_count_visible_pairs_once_for_everybody()
    {
        var problem = new AttentionProblem(2, 4, 2, 8, 8, 16, AttentionMask.Causal);

        Assert.Equal(4.0 * 2 * 4 * 8 * 8 * 16, problem.DenseFlops);
        Assert.Equal(4.0 * 2 * 4 * 36 * 16, Operations.Softmax.Flops(problem));
        Assert.Equal(2.0 * 2 * 16 * 16 * (2 * 8 + 4 * 8), Operations.LinearElu.Flops(problem));
        Assert.Equal(4L * (2 * 2 * 4 * 8 * 16 + 2 * 2 * 2 * 8 * 16), Operations.Softmax.Operands(problem, Format.Float32).Sum(operand => operand.Bytes));
    }

    [Fact]
    public void Bytes_are_those_of_keys_that_some_query_sees()
    {
        var problem = new AttentionProblem(2, 4, 2, 3, 100, 16, AttentionMask.Window(10, 0));

        Assert.Equal(4L * 2 * (2 * 4 * 3 * 16 + 2 * 2 * 13 * 16), Operations.Softmax.Bytes(problem, Format.Float32));
        Assert.Equal(
            Operations.Softmax.Operands(problem, Format.Float32).Sum(operand => operand.Bytes),
            Operations.Softmax.Bytes(new AttentionProblem(2, 4, 2, 3, 100, 16, AttentionMask.Causal), Format.Float32));
    }

    private static KeyRange[] Rows(AttentionProblem problem) =>
        [.. Enumerable.Range(0, problem.Queries).Select(problem.VisibleKeys)];
}
