using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>The rule for kernels that multiply in half: it takes what half must lose, and nothing beside.</summary>
public class HalfPrecisionTests
{
    private static readonly AttentionProblem problem = new(1, 1, 1, 40, 200, 64);

    public static TheoryData<InputFamily> Families => [.. InputFamilies.Seeded];

    [Theory]
    [MemberData(nameof(Families))]
    public void What_tensor_cores_compute_passes(InputFamily family) =>
        Assert.Null(Judge(family, new HalfAttention(x => (float)(Half)x, accumulator: x => x)).Message);

    [Theory]
    [InlineData(InputFamily.Normal)]
    [InlineData(InputFamily.Peaked)]
    [InlineData(InputFamily.Cancelling)]
    public void Inputs_rounded_to_fewer_bits_are_rejected(InputFamily family) =>
        Assert.Equal(FailureKind.Inaccurate, Judge(family, new HalfAttention(ToBfloat16, accumulator: x => x)).Failure);

    [Theory]
    [InlineData(InputFamily.Normal)]
    [InlineData(InputFamily.Peaked)]
    [InlineData(InputFamily.Cancelling)]
    public void Sums_in_half_are_rejected(InputFamily family) =>
        Assert.Equal(FailureKind.Inaccurate, Judge(family, new HalfAttention(x => (float)(Half)x, accumulator: x => (float)(Half)x)).Failure);

    [Theory]
    [MemberData(nameof(Families))]
    public void Outputs_rounded_to_half_pass(InputFamily family) => Assert.Null(JudgeRounded(family, x => (float)(Half)x).Message);

    [Theory]
    [InlineData(InputFamily.Normal)]
    [InlineData(InputFamily.Peaked)]
    public void Outputs_rounded_to_fewer_bits_are_rejected(InputFamily family) =>
        Assert.Equal(FailureKind.Inaccurate, JudgeRounded(family, ToBfloat16).Failure);

    /// <summary>What is rounded to an output is as good as it; just below a power of two numbers are twice as close as above.</summary>
    [Theory]
    [InlineData(Element.Float16, 1, 1 + 1.0 / 2048, 0)]
    [InlineData(Element.Float16, 1, 1 + 3.0 / 2048, 2.0 / 2048)]
    [InlineData(Element.Float16, 1, 1 - 1.0 / 4096, 0)]
    [InlineData(Element.Float16, 1, 1 - 2.0 / 4096, 1.0 / 4096)]
    [InlineData(Element.Float16, 1 - 1.0 / 2048, 1, 1.0 / 4096)]
    [InlineData(Element.Float16, 0, 1.0 / (1 << 25), 0)]
    [InlineData(Element.BFloat16, -2, -2 - 1.0 / 128, 0)]
    [InlineData(Element.BFloat16, -2, -2 - 2.0 / 128, 1.0 / 128)]
    [InlineData(Element.Float32, 1, 1 + 1.0 / (1 << 24), 1.0 / (1 << 24))]
    public void An_output_stands_for_all_that_is_rounded_to_it(Element written, double got, double gold, double error) =>
        Assert.Equal(error, ToleranceRule.Error(written, got, gold));

    [Fact]
    public void The_distance_from_float32_is_reported()
    {
        using var cache = new ReferenceCache();
        var options = new GateOptions { Cases = [], Cache = cache };
        KernelInfo half = new HalfAttention(x => (float)(Half)x, accumulator: x => x).Info with { Format = Format.Float16 };

        IReadOnlyDictionary<string, double> deviation = SoftmaxDeviation.Measure(half, options)!;

        Assert.Null(SoftmaxDeviation.Measure(half with { Products = Element.Float32, Format = Format.Float32 }, options));
        Assert.InRange(deviation["normal"], 1e-9, 1e-5);
    }

    [Fact]
    public void A_reference_of_another_precision_is_refused()
    {
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        Expectation single = Expected.Of(Operations.Softmax, inputs);
        var kernel = new HalfAttention(x => x, accumulator: x => x);

        Assert.Contains("with float32 products", Assert.Throws<ArgumentException>(() => kernel.Judge(single, new float[problem.QueryLength])).Message);
    }

    private static Verdict Judge(InputFamily family, HalfAttention kernel) =>
        Judge(family, kernel, (expectation, output) => kernel.Judge(expectation, output));

    /// <summary>The verdict on outputs in half, which are rounded in some way.</summary>
    private static Verdict JudgeRounded(InputFamily family, Func<float, float> round)
    {
        var kernel = new HalfAttention(x => (float)(Half)x, accumulator: x => x);
        KernelInfo writesHalf = kernel.Info with { Format = new(Element.Float32, Element.Float16) };
        return Judge(
            family, kernel, (expectation, output) => OutputCheck.Run(writesHalf, expectation, expectation.Outputs[0], [.. output.Select(round)]));
    }

    private static Verdict Judge(InputFamily family, HalfAttention kernel, Func<Expectation, float[], Verdict> judge)
    {
        using Inputs drawn = AttentionInputs.Create(problem, family, seed: 1), half = drawn.RoundedTo(Element.Float16);
        using Inputs inputs = AttentionInputs.From(problem, half["q"], half["k"], half["v"]);
        float[] output = new float[problem.QueryLength];
        kernel.Forward(problem, inputs["q"], inputs["k"], inputs["v"], output);
        return judge(Expected.Of(Operations.Softmax, inputs, products: Element.Float16), output);
    }

    private static float ToBfloat16(float x) => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(x) + 0x8000) & 0xFFFF0000);

    /// <summary>Attention as tensor cores do it, with a choice of roundings.</summary>
    private sealed class HalfAttention(Func<float, float> round, Func<float, float> accumulator) : HeadKernel
    {
        public override KernelInfo Info { get; } = new("test-half", "for tests", Operations.Softmax) { Products = Element.Float16 };

        protected override void ComputeHead(
            AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output, Span<float> scratch)
        {
            int d = problem.HeadDim;
            float[] weights = new float[problem.Keys];
            for (int query = 0; query < problem.Queries; query++)
            {
                for (int key = 0; key < problem.Keys; key++)
                {
                    float score = 0;
                    for (int c = 0; c < d; c++)
                        score += round(q[query * d + c]) * round(k[key * d + c]);
                    weights[key] = score * problem.Scale;
                }
                float max = weights.Max(), sum = 0;
                Span<float> row = output.Slice(query * d, d);
                row.Clear();
                for (int key = 0; key < problem.Keys; key++)
                {
                    float weight = MathF.Exp(weights[key] - max);
                    sum += weight;
                    for (int c = 0; c < d; c++)
                        row[c] = accumulator(row[c] + round(weight) * round(v[key * d + c]));
                }
                for (int c = 0; c < d; c++)
                    row[c] /= sum;
            }
        }
    }
}
