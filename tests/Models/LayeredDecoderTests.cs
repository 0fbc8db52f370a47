using FsCheck;
using FsCheck.Fluent;
using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Bench.Commands;
using Kernels.Bench.Suites;
using Kernels.Layers;
using Kernels.Models.Decoding;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>Stacks of Llama layers with caches beside the whole sequence at once.</summary>
public class LayeredDecoderTests
{
    private const int Tokens = 8, Seed = 7;

    // Logits of these shapes are below 10, where float32 rounds to 10⁻⁶.
    private const double Near = 1e-4;

    private static readonly Gen<(DecoderShape Shape, int Prompt, int Split)> decoders =
        from layers in Gen.Choose(1, 3)
        from kvHeads in Gen.Choose(1, 3)
        from @group in Gen.Choose(1, 3)
        from pairs in Gen.Choose(1, 9)
        from width in Gen.Choose(3, 40)
        from hidden in Gen.Choose(3, 60)
        from vocabulary in Gen.Choose(5, 70)
        from longBase in Gen.Elements(10_000, 500_000)
        from prompt in Gen.Choose(2, 40)
        from split in Gen.Choose(1, prompt - 1)
        select (new DecoderShape(layers, kvHeads * @group, kvHeads, 2 * pairs, width, hidden, vocabulary, 1e-5, longBase), prompt, split);

    /// <summary>Layers as a textbook writes them, with tiles, with weights of two bytes, and around an attention kernel that reads no strides.</summary>
    public static TheoryData<string> Ways => ["naive", "tiled", "bfloat16", "naive-three-pass", "flash-portable-6x8"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_cache_of_tokens_gives_what_the_whole_sequence_gives(string way) => ForAll((shape, prompt, _) =>
    {
        using LayeredDecoder decoder = Decoder(way, shape, prompt);
        int[] ids = Ids(shape, prompt);
        for (int token = 0; token < ids.Length; token++)
        {
            float[] probabilities = decoder.Append(ids.AsSpan(token, 1)).ToArray();
            if (!(Generation.LargestDifference(probabilities, decoder.AtOnce(Layer(way, shape, cached: false), ids.AsSpan(0, token + 1))) <= Near))
                return false;
        }
        return decoder.Count == prompt;
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_prompt_in_two_parts_gives_the_same_tokens(string way) => ForAll((shape, prompt, split) =>
    {
        using LayeredDecoder decoder = Decoder(way, shape, prompt + Tokens);
        int[] ids = Ids(shape, prompt), tokens = Continue(decoder, decoder.Append(ids));
        decoder.Clear();
        decoder.Append(ids.AsSpan(0, split));
        return tokens.SequenceEqual(Continue(decoder, decoder.Append(ids.AsSpan(split))));
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_cache_that_is_one_token_late_is_found(string way) => ForAll((shape, prompt, _) =>
    {
        (Generation right, Generation late) = RightAndLate(way, shape, prompt);
        return right.IsRight && right.Ids.Count == Tokens && !late.IsRight && late.Difference > 0;
    });

    /// <summary>How far docs/layers.md says that such a cache is off.</summary>
    [Fact]
    public void And_is_far_off_in_the_shape_of_a_model_and_fails_the_command()
    {
        (Generation right, Generation late) = RightAndLate("tiled", NamedDecoders.All["tinystories-260k"], 40);
        Assert.InRange(late.Difference!.Value, 0.1, 100);
        Assert.Equal(ExitCode.Failed, late.ExitCode);
        Assert.Equal(ExitCode.Ok, right.ExitCode);
        Assert.Equal(ExitCode.Failed, (right with { Difference = double.NaN }).ExitCode);
    }

    [Fact]
    public void Two_threads_give_the_same_bits()
    {
        DecoderShape shape = new(2, 6, 2, 16, 40, 90, 50, 1e-5, 10_000);
        int[] ids = Ids(shape, 30);
        using LayeredDecoder one = Decoder("tiled", shape, 31),
            two = new(new RandomDecoder(shape, Seed), Layer("tiled", shape, true), Vocabulary("tiled"), 31, 2);
        Assert.Equal(one.Append(ids).ToArray(), two.Append(ids).ToArray());
        Assert.Equal(one.Append([3]).ToArray(), two.Append([3]).ToArray());
    }

    /// <summary>A plan and the calls of a problem are all that a token allocates, whatever the widths and the tokens before it.</summary>
    [Fact]
    public void A_token_allocates_its_plan_alone()
    {
        DecoderShape small = new(1, 2, 1, 4, 8, 16, 10, 1e-5, 10_000), large = new(1, 8, 2, 64, 256, 500, 900, 1e-5, 10_000);
        long few = Allocated(small, 40), many = Allocated(large, 400), layers = Allocated(large with { Layers = 5 }, 400);
        Assert.InRange(few, 1, 24_000);
        Assert.InRange(many, 1, few + 1_000);
        Assert.InRange(layers, 1, many + 4 * 1_500);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        DecoderShape shape = new(1, 2, 1, 4, 8, 16, 10, 1e-5, 10_000);
        using LayeredDecoder decoder = Decoder("tiled", shape, 4);
        decoder.Append([1, 2, 3]);
        Assert.Contains("room for 1 tokens, not for 2", Assert.Throws<ArgumentException>(() => decoder.Append([1, 2])).Message);
        Assert.Contains("Id 10 is not below 10", Assert.Throws<ArgumentException>(() => decoder.Append([10])).Message);
        Assert.Throws<ArgumentException>(() => decoder.Append([]));
        Assert.Throws<OperationCanceledException>(() => decoder.Append([1], new CancellationToken(canceled: true)));
        Assert.Equal(3, decoder.Count);
        Assert.Throws<ArgumentException>(() => decoder.AtOnce(Layer("tiled", shape with { RotaryBase = 500 }, cached: false), [1]));
        Assert.Throws<ArgumentException>(() =>
            new LayeredDecoder(new RandomDecoder(shape, 1), Layer("tiled", shape, cached: false), Vocabulary("tiled"), 4, 1));
        Assert.Throws<ArgumentException>(() =>
            new LayeredDecoder(new RandomDecoder(shape, 1), Layer("bfloat16", shape, cached: true), Vocabulary("tiled"), 4, 1));
    }

    internal static LayeredDecoder Decoder(string way, DecoderShape shape, int capacity) => Decoder(way, new RandomDecoder(shape, Seed), capacity);

    internal static LayeredDecoder Decoder(string way, IDecoderWeights weights, int capacity) =>
        new(weights, Layer(way, weights.Shape, cached: true), Vocabulary(way), capacity, 1);

    internal static int[] Ids(DecoderShape shape, int count)
    {
        var random = new SeededNormal(Seed, count);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextIndex(shape.Vocabulary))];
    }

    /// <summary>The most probable tokens behind those of a decoder.</summary>
    internal static int[] Continue(LayeredDecoder decoder, ReadOnlySpan<float> probabilities)
    {
        var sampler = new TokenSampler(0, Seed);
        int[] tokens = new int[Tokens];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = sampler.Next(probabilities);
            probabilities = decoder.Append(tokens.AsSpan(i, 1));
        }
        return tokens;
    }

    private static (Generation Right, Generation Late) RightAndLate(string way, DecoderShape shape, int prompt)
    {
        Generation Run(LayeredDecoder decoder) =>
            Generation.Run(
                decoder, Layer(way, shape, cached: false), Ids(shape, prompt), Tokens,
                new TokenSampler(0, Seed), TimeSpan.Zero, TestContext.Current.CancellationToken);

        using LayeredDecoder right = Decoder(way, shape, prompt + Tokens);
        using var late = new LayeredDecoder(
            new RandomDecoder(shape, Seed), new LateCache(Layer(way, shape, cached: true)), Vocabulary(way), prompt + Tokens, 1);
        return (Run(right), Run(late));
    }

    private static long Allocated(DecoderShape shape, int before)
    {
        using LayeredDecoder decoder = Decoder("tiled", shape, before + 20);
        decoder.Append(Ids(shape, before));
        for (int token = 0; token < 10; token++)
            decoder.Append([token % shape.Vocabulary]);
        long begin = GC.GetAllocatedBytesForCurrentThread();
        for (int token = 0; token < 10; token++)
            decoder.Append([token % shape.Vocabulary]);
        return (GC.GetAllocatedBytesForCurrentThread() - begin) / 10;
    }

    private static Kernel Layer(string way, DecoderShape shape, bool cached)
    {
        TransformerLayer operation = LayeredDecoder.OperationOf(shape, cached);
        return way == "naive" ? new NaiveLayer(operation)
            : LayerKernels.Tiled(operation, FormatOf(way), Catalog.All.SingleOrDefault(kernel => kernel.Info.Name == way));
    }

    private static Kernel Vocabulary(string way) =>
        way == "naive" ? new NaiveEnds(Operations.Vocabulary) : LayerKernels.Fastest(Operations.Vocabulary, FormatOf(way));

    private static Format FormatOf(string way) => way == "bfloat16" ? Format.BFloat16 : Format.Float32;

    private static void ForAll(Func<DecoderShape, int, int, bool> holds) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(6).WithReplay(20261129, 1),
        Prop.ForAll(decoders.ToArbitrary(), each => holds(each.Shape, each.Prompt, each.Split)));

    /// <summary>
    /// A single token behind others is computed as if it were one place before: its key and value overwrite the last ones.
    /// </summary>
    private sealed unsafe class LateCache(Kernel right) : Kernel
    {
        public override KernelInfo Info => right.Info;

        public override bool TakesStrides(Operand operand) => right.TakesStrides(operand);

        protected override Plan PlanFor(Problem problem)
        {
            var sizes = (LayerProblem)problem;
            bool isStep = sizes.Queries == 1 && sizes.Keys > 1;
            var inner = new InnerKernel(
                right, isStep ? sizes.On(new AttentionProblem(1, sizes.Heads, sizes.KvHeads, 1, sizes.Keys - 1, sizes.HeadDim, sizes.Mask)) : sizes);
            return new LatePlan(inner) { SharedBytes = inner.Plan.SharedBytes, ThreadBytes = inner.Plan.ThreadBytes };
        }

        protected override void Compute(in Call call, int stage, int item)
        {
            InnerKernel inner = ((LatePlan)call.Plan).Inner;
            var given = new Tensor[call.Tensors.Length];
            for (int i = 0; i < given.Length; i++)
            {
                Operand operand = inner.Operands[i], there = call[i].Operand;
                given[i] = new Tensor(call[i].Start, there with { Layout = there.Layout with { Tokens = operand.Layout.Tokens } });
            }
            inner.Compute(given, call.Shared, call.Own, stage, item);
        }

        private sealed record LatePlan(InnerKernel Inner) : Plan(Inner.Plan.Stages);
    }
}
