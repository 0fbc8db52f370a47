using FsCheck;
using FsCheck.Fluent;
using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Bench.Commands.Selection;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// What is known of layers without computing them, as properties of naive and tiled kernels: they need no reference, so they would find a mistake that
/// kernels and reference share.
/// </summary>
public sealed class LayerFactsTests
{
    private const int Problems = 12;

    private static readonly Gen<(int Heads, int Group, int Tokens, int HeadDim, int Width, int Seed)> sizes =
        from kvHeads in Gen.Choose(1, 3)
        from @group in Gen.Choose(1, 2)
        from tokens in Gen.Choose(2, 40)
        from pairs in Gen.Choose(1, 12)
        from width in Gen.Choose(3, 40)
        from seed in Gen.Choose(1, 1_000_000)
        select (kvHeads * @group, @group, tokens, 2 * pairs, width, seed);

    public static TheoryData<string> Ways => ["naive", "tiled"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Permuted_tokens_give_permuted_rows_without_positions(string way) => ForAll(given =>
    {
        Kernel layer = Find(way, Operations.EncoderLayer);
        using Inputs inputs = LayerRun.Inputs(Operations.EncoderLayer, given.Full, given.Seed);
        float[] rows = LayerRun.Output(layer, inputs);
        Reverse(inputs["x"], given.Full.Width);
        return LayerRun.Near(LayerRun.Reversed(LayerRun.Output(layer, inputs), given.Full.Width), rows);
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void And_do_not_with_rotary_ones(string way) => ForAll(given =>
    {
        TransformerLayer rotary = Operations.EncoderLayer with { Rotary = true };
        Kernel layer = way == "naive" ? new Layers.NaiveLayer(rotary) : Layers.LayerKernels.Tiled(rotary, Format.Float32);
        using Inputs inputs = LayerRun.Inputs(rotary, given.Full, given.Seed);
        float[] rows = LayerRun.Output(layer, inputs);
        Reverse(inputs["x"], given.Full.Width);
        // Of two tokens both attend over the same distances.
        return given.Full.Queries == 2 || !LayerRun.Near(LayerRun.Reversed(LayerRun.Output(layer, inputs), given.Full.Width), rows, 1e-6f);
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_future_changes_nothing_in_a_causal_layer(string way) => ForAll(given =>
    {
        foreach (TransformerLayer operation in (TransformerLayer[])[Operations.PreNormLayer, Operations.LlamaLayer])
        {
            using Inputs inputs = LayerRun.Inputs(operation, given.Causal, given.Seed);
            int past = given.Causal.Queries / 2 * given.Causal.Width;
            float[] rows = LayerRun.Output(Find(way, operation), inputs);
            foreach (ref float number in inputs["x"][past..])
                number = 3 - number;
            if (!LayerRun.Near(LayerRun.Output(Find(way, operation), inputs).AsSpan(0, past), rows.AsSpan(0, past), 0))
                return false;
        }
        return true;
    });

    /// <summary>Without queries and keys every weight is the same, exp(0) or φ(0)·φ(0).</summary>
    [Fact]
    public void Linear_layers_and_those_with_softmax_agree_where_all_weights_are_equal() => ForAll(given =>
    {
        Kernel spliced = KernelSelection.One("layers-tiled-encoder-layer+linear-elu-chunked");
        Assert.Equal(Operations.LinearEncoderLayer, spliced.Info.Operation);
        foreach (LayerProblem problem in (LayerProblem[])[given.Full, given.Causal])
        {
            using Inputs inputs = LayerRun.Inputs(Operations.EncoderLayer, problem, given.Seed);
            foreach (string each in (string[])["wq", "bq", "wk", "bk"])
                inputs[each].Clear();
            float[] softmax = LayerRun.Output(Find("naive", Operations.EncoderLayer), inputs);
            foreach (Kernel linear in (Kernel[])[Find("naive", Operations.LinearEncoderLayer), spliced])
            {
                if (!LayerRun.Near(LayerRun.Output(linear, inputs), softmax))
                    return false;
            }
        }
        return true;
    });

    [Fact]
    public void Weights_in_the_order_of_products_are_read_in_float32_alone() => Assert.Contains(
        "read in float32 alone",
        Assert.Throws<ArgumentException>(() => Layers.LayerKernels.Tiled(Operations.EncoderLayer, Format.BFloat16)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_linear_layer_needs_a_linear_kernel_in_it()
    {
        Assert.Throws<ArgumentException>(() => Layers.LayerKernels.Tiled(Operations.LinearEncoderLayer, Format.Float32));
        var cached = new LayerProblem(new(1, 2, 2, 1, 5, 4), 8);
        Assert.Null(Operations.LlamaCached.WhyNot(cached));
        Assert.Contains("a state only", (Operations.LlamaCached with { Attention = Operations.LinearElu }).WhyNot(cached), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Queries_of_zeros_average_the_values(string way) => ForAll(given =>
    {
        using Inputs inputs = LayerRun.Inputs(Operations.MultiHead, given.Full, given.Seed);
        foreach (string each in (string[])["wq", "bq", "wk", "bk"])
            inputs[each].Clear();
        float[] rows = LayerRun.Output(Find(way, Operations.MultiHead), inputs);
        int width = given.Full.Width;
        return Enumerable.Range(1, given.Full.Queries - 1).All(token => LayerRun.Near(rows.AsSpan(token * width, width), rows.AsSpan(0, width), 1e-5f));
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void Cross_attention_to_itself_is_self_attention(string way) => ForAll(given =>
    {
        using Inputs self = LayerRun.Inputs(Operations.MultiHead, given.Full, given.Seed),
            cross = LayerRun.Inputs(Operations.CrossAttention, given.Full, given.Seed);
        foreach (string name in self.Names)
            self[name].CopyTo(cross[name]);
        self["x"].CopyTo(cross["c"]);
        return LayerRun.Near(LayerRun.Output(Find(way, Operations.CrossAttention), cross), LayerRun.Output(Find(way, Operations.MultiHead), self), 0);
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void One_head_with_unit_matrices_is_attention(string way) => ForAll(given =>
    {
        int d = given.Full.HeadDim, tokens = given.Full.Queries;
        var core = new AttentionProblem(1, 1, 1, tokens, tokens, d);
        var problem = new LayerProblem(core, d);
        using Inputs inputs = LayerRun.Inputs(Operations.MultiHead, problem, given.Seed);
        foreach (string each in (string[])["q", "k", "v", "o"])
        {
            inputs["b" + each].Clear();
            inputs["w" + each].Clear();
            for (int i = 0; i < d; i++)
                inputs["w" + each][i * d + i] = 1;
        }
        float[] x = inputs["x"].ToArray(), output = new float[x.Length];
        Catalog.All.Single(kernel => kernel.Info.Name == "naive-triple-loop").Forward(core, x, x, x, output);
        return LayerRun.Near(LayerRun.Output(Find(way, Operations.MultiHead), inputs), output, 1e-5f);
    });

    /// <summary>Token by token through the cached layer, each with what came before it.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void A_cache_of_tokens_gives_what_the_whole_sequence_gives(string way) => ForAll(given =>
    {
        LayerProblem whole = given.Causal;
        using Inputs inputs = LayerRun.Inputs(Operations.LlamaLayer, whole, given.Seed);
        float[] rows = LayerRun.Output(Find(way, Operations.LlamaLayer), inputs), keys = [], values = [];
        Kernel cached = Find(way, Operations.LlamaCached);
        int d = whole.HeadDim;
        for (int token = 0; token < whole.Queries; token++)
        {
            var step = new LayerProblem(new(1, whole.Heads, whole.KvHeads, 1, token + 1, d, AttentionMask.Causal), whole.Width, whole.Hidden);
            using Inputs one = LayerRun.Inputs(Operations.LlamaCached, step, given.Seed);
            foreach (string name in inputs.Names.Where(name => name != "x"))
                inputs[name].CopyTo(one[name]);
            inputs["x"].Slice(token * whole.Width, whole.Width).CopyTo(one["x"]);
            // Each head has room for one token more than before.
            for (int head = 0; token > 0 && head < whole.KvHeads; head++)
            {
                keys.AsSpan(head * token * d, token * d).CopyTo(one["kc"][(head * (token + 1) * d)..]);
                values.AsSpan(head * token * d, token * d).CopyTo(one["vc"][(head * (token + 1) * d)..]);
            }
            if (!LayerRun.Near(LayerRun.Output(cached, one), rows.AsSpan(token * whole.Width, whole.Width)))
                return false;
            (keys, values) = (LayerRun.Output(cached, one, "kc"), LayerRun.Output(cached, one, "vc"));
        }
        return true;
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void Probabilities_of_words_sum_to_1_and_know_no_common_shift(string way) => ForAll(given =>
    {
        LayerProblem problem = given.Full;
        var operation = Operations.Layers.OfType<Vocabulary>().Single();
        using Inputs inputs = LayerRun.Inputs(operation, problem, given.Seed);
        float[] rows = LayerRun.Output(Find(way, operation), inputs);
        foreach (ref float number in inputs["b"])
            number += 3;
        return rows.All(number => number is >= 0 and <= 1) && rows.Chunk(problem.Hidden).All(row => Math.Abs(row.Sum() - 1) < 1e-5)
            && LayerRun.Near(LayerRun.Output(Find(way, operation), inputs), rows, 1e-5f);
    });

    private static Kernel Find(string way, LayerOperation operation) => Catalog.All.Single(kernel => kernel.Info.Name == $"layers-{way}-{operation.Name}");

    private static void Reverse(Span<float> rows, int width) => LayerRun.Reversed(rows, width).CopyTo(rows);

    private static void ForAll(Func<Given, bool> holds) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Problems).WithReplay(20261128, 1),
        Prop.ForAll(sizes.ToArbitrary(), size => holds(new Given(
            new LayerProblem(new(1, size.Heads, size.Heads / size.Group, size.Tokens, size.Tokens, size.HeadDim), size.Width),
            new LayerProblem(new(1, size.Heads, size.Heads / size.Group, size.Tokens, size.Tokens, size.HeadDim, AttentionMask.Causal), size.Width),
            size.Seed))));

    private sealed record Given(LayerProblem Full, LayerProblem Causal, int Seed);
}
