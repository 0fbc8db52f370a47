using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>The gradients of the interpreted kernel, judged by the gate's rule.</summary>
[RunsOnce]
public class BackwardTests
{
    private static readonly Element[] elements = [Element.Float32, Element.Float16, Element.BFloat16];

    private static readonly OperationReference reference = References.Suite.Of(Operations.SoftmaxBackward);

    public static TheoryData<Element> Elements => [.. elements];

    public static TheoryData<Element, string> Shapes => InterpretedCases.OfKernels<Element, string>(elements,
    [
        "b1-h1-q1-k1-d64",
        "b1-h1-q64-k64-d64",
        "b2-h2-q65-k65-d64-causal",
        "b1-h4/2-q63-k127-d64-causal",
        "b1-h2-q90-k50-d64-causal",
        "b1-h1-q97-k64-d64-causal-topleft",
        "b1-h2/1-q70-k90-d64-window20",
        "b1-h1-q100-k40-d64-window5+2",
        "b1-h1-q20-k200-d64",
        "b1-h2/1-q150-k30-d64",
        "b1-h1-q140-k150-d64-causal",
        "b1-h2-q70@40-k60@10-d64-causal",
        "b1-h1-q40@-8-k50-d64-causal",
        "b1-h1-q33@7-k70@90-d64-causal-topleft",
        "b1-h1-q20@0-k30@64-d64-causal",
        "b1-h1-q1-k1-d128",
        "b1-h1-q64-k64-d128",
        "b2-h3-q40-k40-d128-causal",
        "b1-h4/1-q33-k65-d128-window16",
        "b1-h2/1-q100-k70-d128",
        "b1-h1-q40@2000000000-k60@1999999960-d128-window10+3",
    ]);

    public static TheoryData<Element, InputFamily> Families
    {
        get
        {
            var taken = new TheoryData<Element, InputFamily>();
            foreach (TheoryDataRow<Element, InputFamily> each in InterpretedCases.OfKernels(elements, InterpretedCases.Families))
            {
                if (reference.Takes(each.Data.Item2, each.Data.Item1))
                    taken.Add(each.Data.Item1, each.Data.Item2);
            }
            return taken;
        }
    }

    public static TheoryData<Element, float> Scales => InterpretedCases.OfKernels(elements, InterpretedCases.Scales);

    public static TheoryData<Element, string, float> NonFinite
    {
        get
        {
            var cases = new TheoryData<Element, string, float>();
            foreach (Element element in elements)
            {
                cases.Add(element, "q", float.NaN);
                cases.Add(element, "k", float.PositiveInfinity);
                cases.Add(element, "v", float.NaN);
                cases.Add(element, "o", float.NegativeInfinity);
                cases.Add(element, "do", float.PositiveInfinity);
                cases.Add(element, "lse", float.NaN);
                cases.Add(element, "lse", float.NegativeInfinity);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_number_passes_the_gate(Element element, string shape) => AssertPasses(element, ProblemName.Parse(shape), InputFamily.Normal);

    [Theory]
    [MemberData(nameof(Families))]
    public void Awkward_inputs_pass_the_gate(Element element, InputFamily family)
    {
        AssertPasses(element, new(1, 2, 1, 40, 70, 64, AttentionMask.Causal), family);
        AssertPasses(element, new(1, 1, 1, 33, 37, 128), family);
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void Any_scale_is_right(Element element, float scale) =>
        AssertPasses(element, new(1, 1, 1, 40, 50, 64, AttentionMask.Window(30, 4), scale), InputFamily.Normal);

    /// <summary>Rows without keys and keys without rows, whose gradients are zeros and no sums of them.</summary>
    [Theory]
    [MemberData(nameof(Elements))]
    public void What_no_pair_has_is_zero(Element element)
    {
        AttentionProblem problem = ProblemName.Parse("b1-h2/1-q90@-40-k80@0-d64-window5+0");
        using Inputs inputs = reference.CreateInputs(problem, InputFamily.Normal, seed: 1);

        float[][] gradients = new BackwardRun(element, problem).Gradients(inputs);

        Assert.Equal(float.NegativeInfinity, inputs["lse"][39]);
        Assert.All(Enumerable.Range(0, 40), query => AssertZero(gradients[0], query));
        Assert.All(Enumerable.Range(50, 30), key => AssertZero(gradients[1], key));
        Assert.All(Enumerable.Range(50, 30), key => AssertZero(gradients[2], key));
        Assert.All(gradients, numbers => Assert.All(numbers, number => Assert.True(float.IsFinite(number))));
        Assert.DoesNotContain(0, gradients[0][(41 * 64)..(42 * 64)]);

        static void AssertZero(float[] numbers, int row) => Assert.All(numbers[(row * 64)..((row + 1) * 64)], number => Assert.Equal(0, number));
    }

    /// <summary>NaN or what the formula gives, never a wrong finite number; a query whose own row alone is wrong leaves other queries alone.</summary>
    [Theory]
    [MemberData(nameof(NonFinite))]
    public void What_is_not_finite_gives_the_formula_or_nan(Element element, string tensor, float bad)
    {
        var problem = new AttentionProblem(1, 1, 1, 6, 70, 64, AttentionMask.Causal);
        using Inputs created = reference.CreateInputs(problem, InputFamily.Normal, seed: 2), inputs = created.RoundedTo(element);
        inputs[tensor][tensor == "lse" ? 3 : (3 * 64) + 5] = bad;

        float[][] gradients = new BackwardRun(element, problem).Gradients(inputs);

        // Weights and gradients of scores are rounded.
        double[] gold = new double[128];
        double tolerance = 0.01 + (8 * element.Epsilon());
        for (int query = 0; query < problem.Queries; query++)
        {
            reference.Gold(inputs, new RowBlock(0, 0, [query]), gold.AsSpan(0, 64));
            AssertRight(gold.AsSpan(0, 64), gradients[0].AsSpan(query * 64, 64), $"query {query}");
            Assert.True(tensor is "k" or "v" || query == 3 || float.IsFinite(gradients[0][query * 64]), $"query {query}: {gradients[0][query * 64]}");
        }
        for (int key = 0; key < problem.Keys; key++)
        {
            reference.Gold(inputs, new RowBlock(1, 0, [key]), gold);
            AssertRight(gold.AsSpan(0, 64), gradients[1].AsSpan(key * 64, 64), $"dk of key {key}");
            AssertRight(gold.AsSpan(64), gradients[2].AsSpan(key * 64, 64), $"dv of key {key}");
        }

        void AssertRight(ReadOnlySpan<double> wanted, ReadOnlySpan<float> found, string row)
        {
            for (int c = 0; c < wanted.Length; c++)
            {
                bool formula = double.IsFinite(wanted[c]) ? Math.Abs(found[c] - wanted[c]) < tolerance : found[c] == wanted[c];
                Assert.True(float.IsNaN(found[c]) || formula, $"{row}, channel {c}: {found[c]}, where the formula gives {wanted[c]}");
            }
        }
    }

    /// <summary>What half cannot hold becomes infinite or NaN, and no number that looks right.</summary>
    [Theory]
    [InlineData(InputFamily.Outliers)]
    [InlineData(InputFamily.Cancelling)]
    public void Gradients_of_scores_beyond_float16_are_not_finite_or_right(InputFamily family)
    {
        var problem = new AttentionProblem(1, 1, 1, 40, 40, 64, AttentionMask.Causal);
        using Inputs created = reference.CreateInputs(problem, family, seed: 1), inputs = created.RoundedTo(Element.Float16);

        float[] gradQ = new BackwardRun(Element.Float16, problem).Gradients(inputs)[0];

        double[] gold = new double[gradQ.Length];
        reference.Gold(inputs, new RowBlock(0, 0, [.. Enumerable.Range(0, problem.Queries)]), gold);
        double tolerance = 0.01 * gold.Max(Math.Abs);
        Assert.Contains(gradQ, number => !float.IsFinite(number));
        Assert.All(gradQ.Zip(gold), pair => Assert.True(!float.IsFinite(pair.First) || Math.Abs(pair.First - pair.Second) < tolerance, $"{pair}"));
    }

    private static void AssertPasses(Element element, AttentionProblem problem, InputFamily family)
    {
        using Inputs created = reference.CreateInputs(problem, family, seed: 1), inputs = created.RoundedTo(element);
        float[][] gradients = new BackwardRun(element, problem).Gradients(inputs);
        var info = new KernelInfo("flash-cuda-backward", "attention on a GPU", Operations.SoftmaxBackward) { Products = element };
        var expectation = Expectation.Compute(reference, inputs, ReferenceRows.All(reference, problem), info.Products);
        foreach (OutputExpectation output in expectation.Outputs)
        {
            Verdict verdict = OutputCheck.Run(info, expectation, output, gradients[output.Place - SoftmaxBackward.GradQ]);
            Assert.True(verdict.Passed, $"{problem}, {output.Operand.Name}: {verdict.Message}");
        }
    }
}
