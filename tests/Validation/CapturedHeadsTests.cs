using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>How captured heads fill any problem. Every number of these tells layer, head, token and channel.</summary>
[RunsOnce]
public sealed class CapturedHeadsTests
{
    private const int Layers = 2, Heads = 3, HeadDim = 4, Tokens = 3 + 5;

    private static readonly Lazy<CapturedHeads> captured =
        new(() => new CapturedHeads(Layers, Heads, HeadDim, [3, 5], Numbers(0.25f), Numbers(0.5f), Numbers(0.75f)));

    [Fact]
    public void The_models_own_shape_has_a_layer_a_sequence_and_the_text_of_its_length()
    {
        using Inputs inputs = Create("b2-h3-q5-k5-d4");
        for (int index = 0; index < 6; index++)
        {
            for (int token = 0; token < 5; token++)
            {
                Assert.Equal(Row(0.25f, index, 3 + token), inputs.HeadQ(index).Slice(token * 4, 4).ToArray());
                Assert.Equal(Row(0.5f, index, 3 + token), inputs.HeadK(index).Slice(token * 4, 4).ToArray());
                Assert.Equal(Row(0.75f, index, 3 + token), inputs.HeadV(index).Slice(token * 4, 4).ToArray());
            }
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    public void The_shortest_text_that_is_long_enough_is_taken(int tokens, int first)
    {
        using Inputs inputs = Create($"h1-q{tokens}-k{tokens}-d4");
        Assert.Equal(Row(0.5f, 0, first), inputs["k"][..4].ToArray());
    }

    [Fact]
    public void After_the_longest_text_all_follow_again_and_again()
    {
        using Inputs inputs = Create("h1-q1-k20-d1");
        int[] tokens = [.. Enumerable.Range(0, 20).Select(key => (3 + key) % Tokens)];
        Assert.Equal(tokens.Select(token => Row(0.5f, 0, token)[0]), inputs["k"].ToArray());
        // The query is the last token.
        Assert.Equal(Row(0.25f, 0, tokens[^1])[0], inputs["q"][0]);
    }

    [Fact]
    public void Fewer_channels_are_the_first_and_more_come_from_neighbours_of_the_same_layer()
    {
        using (Inputs few = Create("h2-q2-k2-d3"))
        {
            Assert.Equal(Row(0.5f, 0, 0)[..3], few.HeadK(0)[..3].ToArray());
            Assert.Equal(Row(0.5f, 1, 0)[..3], few.HeadK(1)[..3].ToArray());
        }
        using Inputs many = Create("h2-q2-k2-d6");
        // Each takes two heads: 0 and 1, then 2 and the first of its layer.
        Assert.Equal((float[])[.. Row(0.5f, 0, 1), .. Row(0.5f, 1, 1)[..2]], many.HeadK(0).Slice(6, 6).ToArray());
        Assert.Equal((float[])[.. Row(0.5f, 2, 1), .. Row(0.5f, 0, 1)[..2]], many.HeadK(1).Slice(6, 6).ToArray());
        using Inputs values = Create("h1-q2-k2-d2v20");
        Assert.Equal((float[])[.. Enumerable.Range(0, 5).SelectMany(head => Row(0.75f, head % Heads, 0))], values.HeadV(0)[..20].ToArray());
    }

    [Fact]
    public void Heads_of_a_group_have_queries_of_later_tokens()
    {
        using Inputs inputs = Create("h4/2-q2-k3-d4");
        for (int index = 0; index < 4; index++)
            Assert.Equal(Row(0.25f, index / 2, 1 + index % 2), inputs.HeadQ(index)[..4].ToArray());
    }

    [Fact]
    public void Six_seeds_begin_with_different_heads_and_then_repeat()
    {
        int[] heads = [.. Enumerable.Range(-1, 9).Select(seed => Head(seed))];
        // Seeds 1 and 2 begin with the layers, seeds 3 and 4 with the second head of each.
        Assert.Equal([0, 3, 1, 4, 2, 5, 0], heads[2..9]);
        Assert.Equal([heads[6], heads[7]], heads[..2]);

        static int Head(int seed)
        {
            using Inputs inputs = Create("h1-q1-k1-d4", seed);
            float[] first = inputs["k"][..4].ToArray();
            return Enumerable.Range(0, Layers * Heads).Single(head => Row(0.5f, head, 0).SequenceEqual(first));
        }
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new CapturedHeads(Layers, Heads, HeadDim, [5, 3], Numbers(0), Numbers(0), Numbers(0)));
        Assert.Throws<ArgumentException>(() => new CapturedHeads(Layers, Heads, HeadDim, [3, 6], Numbers(0), Numbers(0), Numbers(0)));
        Assert.Throws<ArgumentException>(() => new CapturedHeads(Layers, Heads, HeadDim, [], [], [], []));
    }

    [Fact]
    public void Without_a_model_the_family_is_no_ones()
    {
        Assert.DoesNotContain(InputFamily.Captured, InputFamilies.Seeded);
        Assert.DoesNotContain(GateCases.With(References.Suite, GateDepth.Full), each => each.Inputs == InputFamily.Captured);
        Assert.Throws<InvalidOperationException>(() => AttentionInputs.Create(new(1, 1, 1, 1, 1, 4), InputFamily.Captured, 1));
        using var cache = new ReferenceCache();
        using var judge = new CaseJudge(cache);
        CaseAnswer answer = judge.Judge(new Structure.LazyRescale(), new(ProblemName.Parse("h1-q1-k1-d4"), InputFamily.Captured, 1));
        Assert.Contains("not fetched", answer.Refusal);
    }

    [Fact]
    public void With_one_it_is_of_every_operation_on_attention_problems_and_in_the_gate()
    {
        var references = new References { Captured = captured };
        GateCase[] quick = [.. GateCases.With(references, GateDepth.Quick).Where(each => each.Inputs == InputFamily.Captured)];
        Assert.NotEmpty(quick);
        Assert.Equal(GateCases.Of(GateDepth.Quick), GateCases.With(references, GateDepth.Quick).Except(quick));
        using var cache = new ReferenceCache(references);
        using var judge = new CaseJudge(cache);
        foreach (string name in new[] { "naive-three-pass", "naive-online-step", "naive-backward", "linear-elu-chunked", "flash-bf16-portable-6x8" })
        {
            Kernel kernel = Bench.Catalog.All.Single(each => each.Info.Name == name);
            CaseAnswer answer = judge.Judge(kernel, new(ProblemName.Parse("b2-h4/2-q7-k9-d6"), InputFamily.Captured, 2));
            Assert.True(answer.Verdict is { Passed: true }, $"{name}: {answer.Refusal} {answer.Verdict?.Message}");
        }
    }

    private static Inputs Create(string problem, int seed = 1) => AttentionInputs.Create(ProblemName.Parse(problem), InputFamily.Captured, seed, captured);

    private static float[] Numbers(float operand) =>
        [.. from head in Enumerable.Range(0, Layers * Heads) from token in Enumerable.Range(0, Tokens) from number in Row(operand, head, token) select number];

    private static float[] Row(float operand, int head, int token) =>
        [.. Enumerable.Range(0, HeadDim).Select(channel => operand + head / 8f - token / 64f + channel * 4)];
}
