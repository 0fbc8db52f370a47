using System.Numerics;
using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests.Naive;

/// <summary>The oracle against answers that are known without it.</summary>
public class OracleTests
{
    [Fact]
    public void Equal_scores_give_the_mean_of_the_values()
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 4, 2);
        float[] k = [1, 2, 1, 2, 1, 2, 1, 2], v = [1, 10, 2, 20, 3, 30, 6, 60];

        Assert.Equal([3, 30], Row(Operations.Softmax, problem, 0, [0.5f, -1], k, v), Close(1e-15));
    }

    [Fact]
    public void Two_keys_weigh_like_the_logistic_function()
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 2, 1, scale: 0.25f);
        double weight = 1 / (1 + Math.Exp(-0.25 * 3 * (5 - 1)));

        Assert.Equal([weight], Row(Operations.Softmax, problem, 0, [3], [5, 1], [1, 0]), Close(1e-15));
    }

    [Fact]
    public void Logits_of_a_million_do_not_overflow()
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 3, 1, scale: 1);

        Assert.Equal([7.0], Row(Operations.Softmax, problem, 0, [1000], [1000, 999, -1000], [7, 8, 9]), Close(1e-15));
    }

    [Fact]
    public void A_row_that_sees_nothing_is_zero()
    {
        var problem = new AttentionProblem(1, 1, 1, 3, 1, 2, AttentionMask.Causal);

        Assert.Equal([0, 0], Row(Operations.Softmax, problem, 0, [1, 1, 1, 1, 1, 1], [1, 1], [1, 1]), Close(0));
        Assert.Equal([0, 0], Row(Operations.LinearElu, problem, 1, [1, 1, 1, 1, 1, 1], [1, 1], [1, 1]), Close(0));
    }

    [Fact]
    public void Linear_attention_is_the_ratio_of_its_feature_products()
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 2, 2);
        float[] q = [1, -2], k = [0.5f, -1, -3, 2], v = [1, 4, 10, 40];
        double first = 2 * 1.5 + Math.Exp(-2) * Math.Exp(-1), second = 2 * Math.Exp(-3) + Math.Exp(-2) * 3;

        double[] row = Row(Operations.LinearElu, problem, 0, q, k, v);

        Assert.Equal([(first + 10 * second) / (first + second), (4 * first + 40 * second) / (first + second)], row, Close(1e-14));
    }

    [Fact]
    public void Cancelling_terms_lose_nothing()
    {
        // In plain float64 the small value would vanish beside 2^60: exact answer 1/4 · (2^60 + 1 − 2^60 + 1).
        var problem = new AttentionProblem(1, 1, 1, 1, 4, 1);
        float big = BitOperations.RoundUpToPowerOf2(1u << 30) * (float)(1u << 30);

        Assert.Equal([0.5], Row(Operations.Softmax, problem, 0, [0], [0, 0, 0, 0], [big, 1, -big, 1]), Close(0));
    }

    [Fact]
    public void A_nan_key_makes_the_row_nan_and_a_hidden_one_does_not()
    {
        var problem = new AttentionProblem(1, 1, 1, 2, 2, 1, AttentionMask.Causal);
        float[] q = [1, 1], k = [1, float.NaN], v = [5, 6];

        Assert.Equal([5.0], Row(Operations.Softmax, problem, 0, q, k, v), Close(1e-15));
        Assert.True(double.IsNaN(Row(Operations.Softmax, problem, 1, q, k, v)[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(40)]
    [InlineData(256)]
    public void Vector_sums_and_tails_agree_with_plain_decimal_sums(int headDim)
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 5, headDim, scale: 0.125f);
        var random = new Random(headDim);
        // Eighths are exact in every format here, so decimal arithmetic gives the exact scores.
        float[] Eighths(int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(-16, 17) / 8f)];
        float[] q = Eighths(headDim), k = Eighths(5 * headDim), v = Eighths(5 * headDim);

        double[] weights = [.. Enumerable.Range(0, 5).Select(key => Math.Exp((double)Enumerable.Range(0, headDim)
            .Sum(c => (decimal)q[c] * (decimal)k[key * headDim + c]) * 0.125))];
        double[] expected = [.. Enumerable.Range(0, headDim).Select(c => Enumerable.Range(0, 5)
            .Sum(key => weights[key] * v[key * headDim + c]) / weights.Sum())];

        Assert.Equal(expected, Row(Operations.Softmax, problem, 0, q, k, v), Close(1e-13));
    }

    private static double[] Row(AttentionOperation definition, AttentionProblem problem, int query, float[] q, float[] k, float[] v)
    {
        double[] output = new double[problem.HeadDim];
        Gold.Row(definition, problem, query, q, k, v, output);
        return output;
    }

    private static Func<double, double, bool> Close(double relative) =>
        (expected, actual) => Math.Abs(expected - actual) <= relative * Math.Max(1, Math.Abs(expected));
}
