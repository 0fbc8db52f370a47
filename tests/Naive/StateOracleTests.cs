using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests.Naive;

/// <summary>The oracles of retention, the delta rule, random features, projections and top-k against answers known without them.</summary>
public class StateOracleTests
{
    private static readonly AttentionProblem one = new(1, 1, 1, 1, 2, 2, AttentionMask.Causal, scale: 0.5f);

    [Fact]
    public void Retention_shrinks_the_older_key_by_the_decay()
    {
        float[] q = [1, 2], k = [3, 1, 1, 1], v = [1, 10, 2, 20];

        double[] row = Row(Operations.Retention, one, q, k, v);

        // Half of 31/32 · (q·k₀)·v₀ + (q·k₁)·v₁.
        Assert.Equal([0.5 * (31.0 / 32 * 5 * 1 + 3 * 2), 0.5 * (31.0 / 32 * 5 * 10 + 3 * 20)], row, Close);
    }

    [Fact]
    public void Heads_that_share_keys_share_their_decay()
    {
        Assert.Equal(31.0 / 32, Operations.Retention.Decay(0));
        Assert.Equal(1 - 1.0 / 256, Operations.Retention.Decay(3));
        var grouped = new AttentionProblem(1, 4, 2, 1, 2, 1);
        double[] first = new double[1], second = new double[1], third = new double[1];
        Gold.Rows(Operations.Retention, grouped, 0, [0], [1], [1, 0], [1, 1], first);
        Gold.Rows(Operations.Retention, grouped, 1, [0], [1], [1, 0], [1, 1], second);
        Gold.Rows(Operations.Retention, grouped, 2, [0], [1], [1, 0], [1, 1], third);
        Assert.Equal(first, second);
        Assert.Equal(63.0 / 64, third[0], Close);
    }

    [Fact]
    public void The_delta_rule_replaces_what_is_stored_under_a_key()
    {
        // Both keys point the same way, so the second value replaces the first.
        Assert.Equal([2.0, 20], Row(Operations.Delta, one, [5, 0], [3, 0, 7, 0], [1, 10, 2, 20]), Close);
        // Orthogonal keys do not disturb each other.
        Assert.Equal([1.0, 10], Row(Operations.Delta, one, [5, 0], [3, 0, 0, 7], [1, 10, 2, 20]), Close);
        // A key at 60° to the query's: half of the value, and the rest of the first one stays.
        double half = 0.5, root = Math.Sqrt(3) / 2;
        Assert.Equal(
            [half * (2 - half * 1) + 1, half * (20 - half * 10) + 10],
            Row(Operations.Delta, one, [1, 0], [1, 0, (float)half, (float)root], [1, 10, 2, 20]), (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void A_zero_key_stores_nothing_and_a_zero_query_reads_nothing()
    {
        Assert.Equal([1.0, 10], Row(Operations.Delta, one, [5, 0], [3, 0, 0, 0], [1, 10, 2, 20]), Close);
        Assert.Equal([0.0, 0], Row(Operations.Delta, one, [0, 0], [3, 0, 1, 1], [1, 10, 2, 20]), Close);
    }

    [Fact]
    public void Random_features_estimate_the_exponential()
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 2, 16, scale: 0.25f);
        var random = new SeededNormal(3);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next())];
        float[] q = Draw(16), k = Draw(32), v = [.. Enumerable.Repeat(0f, 16), .. Enumerable.Repeat(1f, 16)];

        double softmax = Row(Operations.Softmax, problem, q, k, v)[0];
        double estimate = Row(new FavorAttention(features: 65536, seed: 1), problem, q, k, v)[0];

        Assert.Equal(softmax, estimate, 0.03);
        Assert.Equal(1, Row(Operations.Favor, problem, q, k, [.. Enumerable.Repeat(1f, 32)])[0], Close);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(300)]
    public void Directions_are_orthogonal_in_blocks_and_as_long_as_normal_vectors(int headDim)
    {
        FavorAttention favor = Operations.Favor;
        double[][] columns = [.. Enumerable.Range(0, favor.Features).Select(i => Column(favor, headDim, i))];

        for (int i = 0; i < columns.Length; i++)
            for (int j = i / headDim * headDim; j < i; j++)
                Assert.Equal(0, Dot(columns[i], columns[j]) / Math.Sqrt(Dot(columns[i], columns[i]) * Dot(columns[j], columns[j])), 1e-6);
        Assert.Equal(1, columns.Average(column => Dot(column, column)) / headDim, 0.25);
        Assert.NotEqual(Column(new FavorAttention(favor.Features, favor.Seed + 1), headDim, 0), columns[0]);
    }

    [Fact]
    public void Linformer_attends_to_its_projected_rows()
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 1, 1, scale: 1);
        LinformerAttention linformer = Operations.Linformer;
        int negative = Enumerable.Range(0, linformer.Length).Count(row => linformer.IsNegative(row, 0)), positive = linformer.Length - negative;
        double entry = 1 / 16.0, up = Math.Exp(2 * 3 * entry), down = Math.Exp(-2 * 3 * entry);

        double[] row = Row(linformer, problem, [2], [3], [5]);

        Assert.Equal(5 * entry * (positive * up - negative * down) / (positive * up + negative * down), row[0], Close);
        Assert.InRange(negative, 100, 156);
    }

    [Fact]
    public void Top_k_keeps_the_best_keys_and_of_equals_the_earlier()
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 4, 1, scale: 1);
        float[] k = [1, 2, 1, 1], v = [1, 10, 100, 1000];
        double best = Math.E / (1 + Math.E);

        Assert.Equal([10.0], Row(new TopKAttention(1), problem, [1], k, v), Close);
        Assert.Equal([10 * best + (1 - best)], Row(new TopKAttention(2), problem, [1], k, v), Close);
        Assert.Equal(Row(Operations.Softmax, problem, [1], k, v), Row(Operations.TopK, problem, [1], k, v), Close);
    }

    [Fact]
    public void A_state_does_not_grow_with_the_keys_it_has_seen()
    {
        AttentionProblem brief = new(2, 8, 4, 1, 100, 64, AttentionMask.Causal), longer = new(2, 8, 4, 1, 200, 64, AttentionMask.Causal);
        AttentionOperation[] growing = [Operations.Softmax, Operations.SoftmaxLse, Operations.SoftmaxStep, Operations.SoftmaxAlibi, Operations.TopK];
        Assert.All(Operations.All.OfType<AttentionOperation>().Where(definition => !definition.IsGradient), definition => Assert.Equal(
            growing.Contains(definition) ? 2 : 1, definition.StateLength(longer) / definition.StateLength(brief)));
        Assert.Equal(2 * 4 * 64 * 64, Operations.Delta.StateLength(brief));
        Assert.Equal(2 * 4 * 2 * 64 * 100, Operations.Softmax.StateLength(brief));
        Assert.Equal(2 * 4 * 2 * 64 * 33, Operations.Softmax.StateLength(new(2, 8, 4, 1, 100, 64, AttentionMask.Window(32, 0))));
    }

    [Fact]
    public void Exact_operations_are_those_of_projection_and_state()
    {
        AttentionProblem problem = new(2, 4, 2, 8, 8, 16, AttentionMask.Causal);
        double state = 2.0 * 2 * 16 * 16 * (2 * 8 + 4 * 8);
        Assert.Equal(state, Operations.Retention.Flops(problem));
        Assert.Equal(state + 2.0 * 2 * 16 * 16 * 2 * 8, Operations.Delta.Flops(problem));
        Assert.Equal(2 * 2.0 * 2 * 256 * 16 * (2 * 8 + 4 * 8), Operations.Favor.Flops(problem));
        Assert.Equal(Operations.Softmax.Flops(problem), Operations.TopK.Flops(problem));
    }

    private static double[] Column(FavorAttention favor, int headDim, int feature) =>
        [.. Enumerable.Range(0, headDim).Select(c => (double)favor.Directions(headDim)[c * favor.Features + feature])];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Row(AttentionOperation definition, AttentionProblem problem, float[] q, float[] k, float[] v)
    {
        double[] output = new double[problem.HeadDim];
        Gold.Rows(definition, problem, 0, [0], q, k, v, output);
        return output;
    }

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) <= 1e-13 * Math.Max(1, Math.Abs(expected));
}
