using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>The rule for gradients that are multiplied in half: it takes what half must lose of P and dS, and nothing beside.</summary>
public class HalfGradientTests
{
    private static readonly OperationReference reference = References.Suite.Of(Operations.SoftmaxBackward);

    private static readonly AttentionProblem problem = new(1, 2, 1, 60, 80, 64, AttentionMask.Causal);

    public static TheoryData<InputFamily> Families => [.. InputFamilies.Seeded.Where(family => reference.Takes(family, Element.Float16))];

    [Theory]
    [MemberData(nameof(Families))]
    public void What_tensor_cores_compute_passes(InputFamily family) =>
        Assert.All(Judge(family, Element.Float32, Element.Float16, Element.Float32), verdict => Assert.Null(verdict.Message));

    [Theory]
    [InlineData(InputFamily.Normal)]
    [InlineData(InputFamily.Peaked)]
    public void Inputs_rounded_to_fewer_bits_are_rejected(InputFamily family) =>
        Assert.All(Judge(family, Element.BFloat16, Element.Float16, Element.Float32), AssertRejected);

    [Theory]
    [InlineData(InputFamily.Normal)]
    [InlineData(InputFamily.Peaked)]
    public void Weights_and_gradients_of_scores_with_fewer_bits_are_rejected(InputFamily family) =>
        Assert.All(Judge(family, Element.Float32, Element.BFloat16, Element.Float32), AssertRejected);

    /// <summary>Where weights are spread: sums of few large weights round no more often than the weights.</summary>
    [Fact]
    public void Sums_in_half_are_rejected() =>
        Assert.All(Judge(InputFamily.Normal, Element.Float32, Element.Float16, Element.Float16), AssertRejected);

    /// <summary>A number that half cannot resolve at all is lost, and no more than it.</summary>
    [Theory]
    [InlineData(Element.Float32, 1, 0)]
    [InlineData(Element.Float16, 1, 0.21 / 1024)]
    [InlineData(Element.BFloat16, -2, 0.42 / 128)]
    [InlineData(Element.Float16, 1e-6, 0.21 / 1024 / 16384)]
    [InlineData(Element.Float16, 1e-9, 1e-9)]
    [InlineData(Element.BFloat16, 1e-9, 0.21e-9 / 128)]
    public void A_rounding_is_of_the_size_that_a_number_has(Element products, double number, double expected) =>
        Assert.Equal(expected, RoundingNoise.OfProduct(products, number), 1e-15);

    private static void AssertRejected(Verdict verdict) =>
        Assert.True(verdict.Failure is FailureKind.Inaccurate or FailureKind.InaccurateOnAverage, $"{verdict.Failure}: {verdict.Message}");

    private static IEnumerable<Verdict> Judge(InputFamily family, Element read, Element multiplied, Element added)
    {
        using Inputs drawn = reference.CreateInputs(problem, family, seed: 1), inputs = drawn.RoundedTo(Element.Float16);
        float[][] gradients = Gradients(inputs, read, multiplied, added);
        var info = new KernelInfo("test-half", "for tests", Operations.SoftmaxBackward) { Format = Format.Float16, Products = Element.Float16 };
        Expectation expectation = Expectation.Compute(reference, inputs, ReferenceRows.All(reference, problem), info.Products);
        return [.. expectation.Outputs.Select(output => OutputCheck.Run(info, expectation, output, gradients[output.Place - SoftmaxBackward.GradQ]))];
    }

    // Pair by pair, with a choice of roundings: of inputs, of P and dS where they are multiplied, and of sums.
    private static float[][] Gradients(Inputs inputs, Element read, Element multiplied, Element added)
    {
        int d = problem.HeadDim, rows = problem.Heads * problem.Queries, kvRows = problem.KvHeads * problem.Keys;
        float[] gradQ = new float[rows * d], gradK = new float[kvRows * d], gradV = new float[kvRows * d];
        for (int row = 0; row < rows; row++)
        {
            (int head, int query) = Math.DivRem(row, problem.Queries);
            float[] q = Row("q", row), o = Row("o", row), gradO = Row("do", row);
            float sum = Dot(gradO, o);
            KeyRange visible = problem.VisibleKeys(query);
            for (int key = visible.Begin; key < visible.End; key++)
            {
                int kvRow = (problem.KvHead(head) * problem.Keys) + key;
                float[] k = Row("k", kvRow), v = Row("v", kvRow);
                float weight = MathF.Exp((Dot(q, k) * problem.Scale) - inputs["lse"][row]), gradient = weight * (Dot(gradO, v) - sum);
                Add(gradQ, row, multiplied.Round(gradient), k);
                Add(gradK, kvRow, multiplied.Round(gradient), q);
                Add(gradV, kvRow, multiplied.Round(weight), gradO);
            }
        }
        return [[.. gradQ.Select(number => number * problem.Scale)], [.. gradK.Select(number => number * problem.Scale)], gradV];

        float[] Row(string name, int row) => [.. inputs[name].Slice(row * d, d).ToArray().Select(number => read.Round(number))];

        float Dot(float[] a, float[] b) => a.Zip(b).Sum(pair => pair.First * pair.Second);

        void Add(float[] sums, int row, float factor, float[] numbers)
        {
            for (int c = 0; c < d; c++)
                sums[(row * d) + c] = added.Round(sums[(row * d) + c] + (factor * numbers[c]));
        }
    }
}
