using Kernels.Abstractions;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Validation;

[RunsOnce]
public sealed class InputFamilyTests
{
    private static readonly AttentionProblem problem = new(2, 4, 2, 60, 90, 64);

    public static TheoryData<InputFamily> Families => [.. InputFamilies.Seeded];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_seed_gives_the_same_finite_numbers_and_another_seed_others(InputFamily family)
    {
        using Inputs first = AttentionInputs.Create(problem, family, seed: 5);
        using Inputs again = AttentionInputs.Create(problem, family, seed: 5);
        using Inputs other = AttentionInputs.Create(problem, family, seed: 6);
        foreach (string operand in first.Names)
        {
            Assert.True(first[operand].SequenceEqual(again[operand]));
            Assert.All(first[operand].ToArray(), number => Assert.True(float.IsFinite(number)));
        }
        Assert.False(first["q"].SequenceEqual(other["q"]));
        Assert.False(first["v"].SequenceEqual(other["v"]));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void No_two_heads_are_alike(InputFamily family)
    {
        using Inputs inputs = AttentionInputs.Create(problem, family, seed: 1);
        Assert.Equal(4, Blocks(inputs["k"], 4).Distinct().Count());
        Assert.Equal(4, Blocks(inputs["v"], 4).Distinct().Count());
        Assert.Equal(8, Blocks(inputs["q"], 8).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Values_differ_from_key_to_key(InputFamily family)
    {
        using Inputs inputs = AttentionInputs.Create(problem, family, seed: 1);
        float[] firstChannel = [.. Enumerable.Range(0, problem.Keys).Select(key => inputs["v"][key * problem.HeadDim])];
        Assert.Equal(problem.Keys, firstChannel.Distinct().Count());
        Assert.True(Deviation(firstChannel) > 0.5);
    }

    [Theory]
    [InlineData(InputFamily.Normal, 1)]
    [InlineData(InputFamily.Peaked, 3)]
    public void Queries_and_keys_have_the_promised_deviation(InputFamily family, double deviation)
    {
        using Inputs inputs = AttentionInputs.Create(problem, family, seed: 1);
        Assert.Equal(deviation, Deviation(inputs["q"]), 0.05 * deviation);
        Assert.Equal(deviation, Deviation(inputs["k"]), 0.05 * deviation);
        Assert.Equal(1, Deviation(inputs["v"]), 0.05);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(256)]
    public void Resonance_has_logits_of_hundreds_of_both_signs(int headDim)
    {
        var resonant = new AttentionProblem(1, 1, 1, 40, 90, headDim);
        using Inputs inputs = AttentionInputs.Create(resonant, InputFamily.Resonance, seed: 1);
        float[] logits = Logits(inputs);
        Assert.InRange(logits.Max(), 100, 1000);
        Assert.InRange(logits.Min(), -1000, -100);
    }

    [Theory]
    [InlineData("h1-q1-k2000-d2", Element.Float32, true)]
    [InlineData("h1-q1-k5200-d2", Element.Float32, true)]
    [InlineData("h1-q1-k5300-d2", Element.Float32, false)]
    [InlineData("h1-q1-k131200-d2", Element.Float32, false)]
    [InlineData("h1-q1-k131200-d4", Element.Float32, true)]
    [InlineData("h1-q1-k131200-d1", Element.Float32, true)]
    [InlineData("h1-q2-k66000-d4-window65800+0", Element.Float32, true)]
    [InlineData("h1-q2-k66000-d4-window65800+0", Element.BFloat16, false)]
    [InlineData("h1-q2-k66000-d4-window65800+0", Element.Float16, false)]
    [InlineData("h1-q50-k20-d2", Element.BFloat16, true)]
    [InlineData("h1-q50-k21-d2", Element.BFloat16, false)]
    [InlineData("h1-q50-k400-d4", Element.BFloat16, true)]
    [InlineData("h2-q50-k4000-d64", Element.BFloat16, true)]
    [InlineData("h2-q50-k255-d1", Element.BFloat16, true)]
    [InlineData("h2-q50-k256-d1", Element.BFloat16, false)]
    [InlineData("h1-q9-k20-d2-s0.00001", Element.BFloat16, true)]
    [InlineData("h1-q9-k20-d2-s0.00001", Element.Float16, false)]
    public void One_hot_attention_has_a_closed_form_where_the_format_keeps_its_keys_apart(string name, Element element, bool has)
    {
        AttentionProblem oneHot = ProblemName.Parse(name);
        foreach (int seed in new[] { 1, 2, 3 })
        {
            using Inputs inputs = AttentionInputs.Create(oneHot, InputFamily.OneHot, seed);
            using Inputs rounded = inputs.RoundedTo(element);
            Assert.Equal(has, rounded.OneHotKeys is not null);
            // Throws where gold contradicts a closed form.
            Expected.Of(Operations.Softmax, rounded);
        }
    }

    [Theory]
    [InlineData("b3-h2-q19-k33-d100")]
    [InlineData("h1-q50-k900-d64-window850+0")]
    public void A_state_does_not_tie_with_a_huge_score(string name)
    {
        AttentionProblem step = ProblemName.Parse(name);
        using Inputs inputs = References.Suite.Of(Operations.SoftmaxStep).CreateInputs(step, InputFamily.HugeScores, seed: 1);
        float[] states = [.. inputs["lse"].ToArray().Where(float.IsFinite)];
        Assert.Contains(states, lse => lse > 1.9e30f);
        Assert.Contains(states, lse => lse < 0.6e30f);
        Assert.All(states, lse => Assert.True(Math.Abs(Math.Abs(lse) - 1e30f) > 0.4e30f));
    }

    [Fact]
    public void Climbing_scores_outgrow_the_maximum_of_any_beginning_by_more_than_an_exponential_can_hold()
    {
        var climbing = new AttentionProblem(1, 1, 1, 1, 1000, 64);
        using Inputs inputs = AttentionInputs.Create(climbing, InputFamily.Climbing, seed: 1);
        float[] logits = Logits(inputs);
        Assert.True(logits.Max() - logits[..256].Max() > 300);
        Assert.True(logits.Max() - logits[..750].Max() > 90);
    }

    [Fact]
    public void Outliers_are_a_few_huge_channels()
    {
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Outliers, seed: 1);
        float[] v = inputs["v"][..(problem.Keys * problem.HeadDim)].ToArray();
        int huge = Enumerable.Range(0, problem.HeadDim).Count(c => Deviation([.. v.Where((_, i) => i % problem.HeadDim == c)]) > 500);
        Assert.InRange(huge, 1, 2);
    }

    [Fact]
    public void Cancelling_values_leave_a_hundredth()
    {
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Cancelling, seed: 1);
        Span<float> v = inputs["v"];
        for (int c = 0; c < problem.HeadDim; c++)
        {
            Assert.InRange(Math.Abs(v[c]), 90, 110);
            Assert.InRange(Math.Abs(v[c] + v[problem.HeadDim + c]), 0, 10);
        }
    }

    [Fact]
    public void Constant_rows_are_constant_and_keys_repeat()
    {
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Constant, seed: 1);
        Span<float> k = inputs["k"];
        Assert.False(k[..problem.HeadDim].ContainsAnyExcept(k[0]));
        Assert.Equal(k[0], k[2 * problem.HeadDim]);
        Assert.NotEqual(k[0], k[3 * problem.HeadDim]);
    }

    [Fact]
    public void A_persons_tensors_are_copied()
    {
        float[] q = new float[problem.QueryLength], k = new float[problem.KeyLength], v = new float[problem.KeyLength];
        (q[^1], k[^1], v[^1]) = (1, 2, 3);
        using Inputs inputs = AttentionInputs.From(problem, q, k, v);
        Assert.Equal((1, 2, 3), (inputs["q"][^1], inputs["k"][^1], inputs["v"][^1]));
        Assert.Throws<ArgumentException>(() => AttentionInputs.From(problem, q, k, v.AsSpan(1)));
    }

    private static IEnumerable<string> Blocks(Span<float> tensor, int blocks) =>
        tensor.ToArray().Chunk(tensor.Length / blocks).Select(block => string.Join(' ', block.Take(200)));

    private static double Deviation(ReadOnlySpan<float> numbers)
    {
        double sum = 0, squares = 0;
        foreach (float number in numbers)
        {
            sum += number;
            squares += (double)number * number;
        }
        double mean = sum / numbers.Length;
        return Math.Sqrt(squares / numbers.Length - mean * mean);
    }

    private static float[] Logits(Inputs inputs)
    {
        var shape = (AttentionProblem)inputs.Problem;
        var logits = new List<float>();
        for (int query = 0; query < shape.Queries; query++)
        {
            for (int key = 0; key < shape.Keys; key++)
            {
                float score = 0;
                for (int c = 0; c < shape.HeadDim; c++)
                    score += inputs["q"][query * shape.HeadDim + c] * inputs["k"][key * shape.HeadDim + c];
                logits.Add(score * shape.Scale);
            }
        }
        return [.. logits];
    }
}
