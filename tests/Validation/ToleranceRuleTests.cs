using System.Numerics.Tensors;
using Kernels.Abstractions;
using Kernels.Naive;
using Kernels.Reference;
using Kernels.Tests.Measurement;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

public sealed class ToleranceRuleTests : IDisposable
{
    // The first 8 queries see no key.
    private static readonly AttentionProblem problem = new(1, 2, 1, 40, 32, 16, AttentionMask.Causal);
    private static readonly Kernel kernel = new TripleLoop();

    private readonly Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
    private readonly Expectation reference;

    public ToleranceRuleTests() =>
        reference = Expected.Of(Operations.Softmax, inputs);

    public void Dispose() => inputs.Dispose();

    [Fact]
    public void The_rounded_oracle_passes_without_a_warning()
    {
        Verdict verdict = Judge(Gold());
        Assert.True(verdict.Passed && !verdict.Warned, verdict.Message);
        Assert.Equal(80, verdict.Errors.CheckedRows);
        Assert.Equal(80, verdict.Errors.TotalRows);
    }

    [Theory]
    [InlineData(0.9, null, false)]
    [InlineData(1.5, null, true)]
    [InlineData(2.5, FailureKind.Inaccurate, false)]
    public void One_number_may_err_by_twice_the_error_of_plain_float32(double allowances, FailureKind? failure, bool warned)
    {
        float[] output = Gold();
        int worst = ((1 * problem.Queries + 20) * problem.HeadDim) + 3;
        output[worst] = (float)(reference.Outputs[0].Gold(1, 20)[3] + allowances * reference.Outputs[0].Allowance(1));
        Verdict verdict = Judge(output);
        Assert.Equal(failure, verdict.Failure);
        Assert.Equal(warned, verdict.Warned);
        Assert.Equal([0, 1, 20, 3], verdict.Errors.WorstIndex!);
        Assert.Equal(allowances, verdict.Errors.RatioToBase!.Value, 0.1);
    }

    [Fact]
    public void Errors_that_are_everywhere_fail_on_average()
    {
        float[] output = Gold();
        for (int i = 0; i < output.Length; i++)
        {
            (int row, int channel) = Math.DivRem(i, problem.HeadDim);
            (int head, int query) = Math.DivRem(row, problem.Queries);
            if (!problem.VisibleKeys(query).IsEmpty)
                output[i] = (float)(reference.Outputs[0].Gold(head, query)[channel] + 1.8 * reference.Outputs[0].Allowance(head));
        }
        Assert.Equal(FailureKind.InaccurateOnAverage, Judge(output).Failure);
    }

    [Theory]
    [InlineData(float.NaN, FailureKind.NaN)]
    [InlineData(float.PositiveInfinity, FailureKind.Infinite)]
    [InlineData(float.NegativeInfinity, FailureKind.Infinite)]
    public void What_is_not_finite_fails(float number, FailureKind failure)
    {
        float[] output = Gold();
        output[^1] = number;
        Assert.Equal(failure, Judge(output).Failure);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(1e-38f)]
    public void A_row_that_sees_no_key_must_be_zero(float number)
    {
        float[] output = Gold();
        output[7 * problem.HeadDim] = number;
        Assert.Equal(FailureKind.MaskedRowNotZero, Judge(output).Failure);
        output[7 * problem.HeadDim] = -0f;
        Assert.Null(Judge(output).Failure);
    }

    [Fact]
    public void A_small_head_is_not_judged_by_a_large_one()
    {
        AttentionProblem twoKvHeads = new(1, 2, 2, 20, 32, 16);
        using Inputs uneven = AttentionInputs.Create(twoKvHeads, InputFamily.Normal, seed: 1);
        foreach (ref float value in uneven["v"][..(uneven["v"].Length / 2)])
            value *= 1e6f;
        Expectation both = Expected.Of(Operations.Softmax, uneven);
        float[] output = new float[twoKvHeads.QueryLength];
        kernel.Forward(twoKvHeads, uneven["q"], uneven["k"], uneven["v"], output);
        Assert.True(kernel.Judge(both, output).Passed);
        output[^1] += 0.01f;
        Assert.Equal(FailureKind.Inaccurate, kernel.Judge(both, output).Failure);
    }

    [Theory]
    [InlineData("h2-q8-k140-d64-causal")]
    [InlineData("h2-q33-k47-d64-s0")]
    [InlineData("h1-q50-k700-d64-window512-s0")]
    public void Values_of_alternating_sign_may_be_summed_apart(string name)
    {
        AttentionProblem alternating = ProblemName.Parse(name);
        var apart = new KernelFrom("test-apart", SumEvenAndOddKeysApart);
        foreach (int seed in new[] { 1, 2, 3 })
        {
            using Inputs cancelling = AttentionInputs.Create(alternating, InputFamily.Cancelling, seed);
            float[] output = new float[alternating.QueryLength];
            apart.Forward(alternating, cancelling["q"], cancelling["k"], cancelling["v"], output);
            Verdict verdict = apart.Judge(Expected.Of(Operations.Softmax, cancelling), output);
            Assert.True(verdict.Passed, verdict.Message);
        }
    }

    [Fact]
    public void A_declared_approximation_has_a_limit_of_3()
    {
        Assert.Equal(2, ToleranceRule.Limit(kernel.Info));
        Assert.Equal(3, ToleranceRule.Limit(kernel.Info with { Approximation = "a reason" }));
    }

    [Fact]
    public void A_reference_of_something_else_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Judge(new float[problem.QueryLength - 1]));
        Assert.Throws<ArgumentException>(() => new ScalarOnlineLse(Operations.SoftmaxLse).Judge(reference, Gold()));
    }

    private static void SumEvenAndOddKeysApart(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output)
    {
        int d = problem.HeadDim;
        for (int query = 0; query < problem.Queries; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            float[] weights = new float[visible.Length];
            for (int i = 0; i < weights.Length; i++)
                weights[i] = problem.Scale * TensorPrimitives.Dot(q.Slice(query * d, d), k.Slice((visible.Begin + i) * d, d));
            float max = weights.Max();
            for (int i = 0; i < weights.Length; i++)
                weights[i] = MathF.Exp(weights[i] - max);
            float total = weights.Sum();
            for (int c = 0; c < d; c++)
            {
                float even = 0, odd = 0;
                for (int i = 0; i < weights.Length; i++)
                    (even, odd) = (odd, even + weights[i] * v[(visible.Begin + i) * d + c]);
                output[query * d + c] = (even + odd) / total;
            }
        }
    }

    private Verdict Judge(float[] output) => kernel.Judge(reference, output);

    private float[] Gold()
    {
        var output = new List<float>();
        for (int head = 0; head < problem.Heads; head++)
            for (int query = 0; query < problem.Queries; query++)
                output.AddRange(reference.Outputs[0].Gold(head, query).ToArray().Select(number => (float)number));
        return [.. output];
    }
}
