using Kernels.Abstractions;
using Kernels.Layers;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests;

/// <summary>What Press, Smith and Lewis 2022 say of ALiBi, of the operation, of every kernel on the processor, and of a layer, without the reference.</summary>
public sealed class AlibiTests
{
    private const float Tolerance = 2e-5f;

    public static TheoryData<string> Names => KernelNames.Where(kernel => kernel.Info.Operation is SoftmaxAlibi && kernel.Backend is null);

    public static TheoryData<string> Ways => ["naive", "tiled"];

    [Fact]
    public void Slopes_of_a_power_of_two_are_the_papers_sequence()
    {
        // Section 3: 8 heads have 1/2, 1/4, … 1/256; 16 heads begin with 1/√2 and end at 1/256 too.
        Assert.Equal([0.5f, 0.25f, 0.125f, 1f / 16, 1f / 32, 1f / 64, 1f / 128, 1f / 256], Slopes(8));
        Assert.Equal((float)Math.Sqrt(0.5), Slopes(16)[0]);
        Assert.Equal(0.5f, Slopes(16)[1]);
        Assert.Equal([1f / 256], Slopes(1));
        Assert.All(Enumerable.Range(0, 10), power => Assert.Equal(1f / 256, Slopes(1 << power)[^1]));
    }

    [Fact]
    public void Slopes_of_other_numbers_are_every_other_one_of_twice_the_power_of_two_below()
    {
        Assert.Equal([.. Slopes(8), Slopes(16)[0], Slopes(16)[2], Slopes(16)[4], Slopes(16)[6]], Slopes(12));
        Assert.Equal([.. Slopes(2), Slopes(4)[0]], Slopes(3));
        // BLOOM has 112 heads, the last of which is number 48 of those of 128 that are added.
        Assert.Equal([.. Slopes(64), .. Slopes(128).Where((_, head) => head % 2 == 0).Take(48)], Slopes(112));
    }

    /// <summary>Queries of zeros give equal scores: the weights of two keys are apart by exp(−slope·distance), behind a query and ahead of it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_of_equal_scores_fall_by_the_slope_with_every_key(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        const int keys = 40, query = 25;
        var problem = new AttentionProblem(1, 8, 4, 1, keys, keys, AttentionMask.Full, queryStart: query);
        float[] k = [.. Enumerable.Range(0, problem.KeyLength).Select(i => MathF.Sin(i))],
            v = new float[problem.ValueLength], output = new float[problem.OutputLength];
        // The value of a key is 1 in its own channel, so that outputs are weights.
        for (int row = 0; row < 4 * keys; row++)
            v[row * keys + row % keys] = 1;
        kernel.Forward(problem, new float[problem.QueryLength], k, v, output);
        for (int head = 0; head < problem.Heads; head++)
        {
            ReadOnlySpan<float> weights = output.AsSpan(head * keys, keys);
            double slope = Math.Pow(2, -(head + 1));
            for (int key = 0; key < keys; key++)
                Assert.Equal(Math.Exp(-slope * Math.Abs(query - key)), weights[key] / (double)weights[query], 2e-6);
            Assert.Equal(1, weights.ToArray().Sum(), Tolerance);
        }
    }

    /// <summary>Only distances count: positions that move together change no output, to float32's rounding of it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Positions_that_move_together_change_nothing(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        foreach (AttentionMask mask in (AttentionMask[])[AttentionMask.Full, AttentionMask.Causal, AttentionMask.Window(20, 3)])
        {
            float[] at = Output(kernel, mask, queryStart: 70, keyStart: 20), moved = Output(kernel, mask, queryStart: 1_000_070, keyStart: 1_000_020);
            AssertNear(at, moved, 0);
            // And a query that moves alone changes them.
            Assert.Contains(Output(kernel, mask, queryStart: 60, keyStart: 20).Zip(at), pair => MathF.Abs(pair.First - pair.Second) > 1e-3f);
        }
    }

    /// <summary>
    /// Under a causal mask the number that is added to all scores of a row drops out: a query far behind all keys sees them as the one just behind does.
    /// At 2¹⁷ keys' distance the paper's program rounds biases of 2¹⁶; kernels that count from the nearest key lose nothing.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_far_query_sees_what_a_near_one_sees_unless_distances_are_rounded(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        float[] near = Output(kernel, AttentionMask.Causal, queryStart: 300, keyStart: 0),
            far = Output(kernel, AttentionMask.Causal, queryStart: 1 << 17, keyStart: 0);
        AssertNear(near, far, name == "naive-alibi" ? 0.02f : Tolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scale_that_leaves_float32_no_bias_is_refused_with_a_reason(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        Assert.Null(kernel.WhyNot(new AttentionProblem(1, 1, 1, 1, 1, 8, scale: 1e-20f)));
        if (name != "naive-alibi")
            Assert.Contains("scale", kernel.WhyNot(new AttentionProblem(1, 1, 1, 1, 1, 8, scale: 1e-30f)), StringComparison.Ordinal);
    }

    /// <summary>A layer knows the order of its tokens from the biases alone, and a reversed sequence gives reversed rows since distances stay.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void A_layer_knows_distances_and_not_directions(string way)
    {
        var problem = new LayerProblem(new AttentionProblem(1, 4, 2, 30, 30, 8), width: 24);
        using Inputs inputs = LayerRun.Inputs(Operations.AlibiLayer, problem, seed: 1);
        float[] rows = LayerRun.Output(Find(way, Operations.AlibiLayer), inputs), without = LayerRun.Output(Find(way, Operations.PreNormLayer), inputs);
        Assert.False(LayerRun.Near(rows, without, 1e-2f));
        Span<float> x = inputs["x"];
        LayerRun.Reversed(x, problem.Width).CopyTo(x);
        Assert.True(LayerRun.Near(LayerRun.Reversed(LayerRun.Output(Find(way, Operations.AlibiLayer), inputs), problem.Width), rows));
        // Two tokens that change places are at other distances from the rest.
        float[] swapped = [.. x[..problem.Width]];
        x.Slice(problem.Width, problem.Width).CopyTo(x);
        swapped.CopyTo(x[problem.Width..]);
        Assert.False(LayerRun.Near(
            LayerRun.Reversed(LayerRun.Output(Find(way, Operations.AlibiLayer), inputs), problem.Width).AsSpan(0, 28 * problem.Width),
            rows.AsSpan(0, 28 * problem.Width), 1e-3f));
    }

    [Fact]
    public void A_layer_takes_kernels_of_its_own_attention()
    {
        Assert.Equal(Operations.SoftmaxAlibi, Operations.AlibiLayer.Attention);
        Assert.Equal(Operations.Softmax, Operations.PreNormLayer.Attention);
        Assert.Contains(
            "beside it", (Operations.AlibiLayer with { Cross = true }).WhyNot(new LayerProblem(new AttentionProblem(1, 1, 1, 2, 2, 4), 4)),
            StringComparison.Ordinal);
        var problem = new LayerProblem(new AttentionProblem(1, 4, 2, 30, 30, 8, AttentionMask.Causal), width: 24);
        using Inputs inputs = LayerRun.Inputs(Operations.AlibiLayer, problem, seed: 1);
        Kernel around = LayerKernels.Tiled(Operations.AlibiLayer, Format.Float32, KernelNames.Find("naive-alibi"));
        Assert.True(LayerRun.Near(LayerRun.Output(around, inputs), LayerRun.Output(Find("tiled", Operations.AlibiLayer), inputs), Tolerance));
    }

    private static float[] Slopes(int heads) => [.. Enumerable.Range(0, heads).Select(head => SoftmaxAlibi.Slope(head, heads))];

    // 12 rows a kv head, so that decoding takes them too.
    private static float[] Output(Kernel kernel, AttentionMask mask, int queryStart, int keyStart)
    {
        var problem = new AttentionProblem(1, 4, 2, 6, 300, 16, mask, queryStart: queryStart, keyStart: keyStart);
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        float[] output = new float[problem.OutputLength];
        kernel.Forward(problem, inputs["q"], inputs["k"], inputs["v"], output);
        return output;
    }

    private static void AssertNear(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i], expected[i] - tolerance, expected[i] + tolerance);
    }

    private static Kernel Find(string way, LayerOperation operation) => KernelNames.Find($"layers-{way}-{operation.Name}");
}
