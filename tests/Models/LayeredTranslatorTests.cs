using System.Numerics.Tensors;
using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Layers;
using Kernels.Models.Translation;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>What is known of an encoder and a decoder whatever their weights are.</summary>
public sealed class LayeredTranslatorTests
{
    private const double Tolerance = 1e-5;

    private static readonly TranslatorShape shape = new(Layers: 3, Heads: 2, Width: 16, Hidden: 24, Vocabulary: 30);

    private static readonly int[] source = [7, 29, 0, 7, 12], target = [0, 4, 9, 4, 21, 3];

    [Fact]
    public void Textbook_and_tiled_layers_say_the_same()
    {
        float[] tiled = Of(Tiled(), source, target), naive = Of(Naive(), source, target);

        Assert.True(Distance(tiled, naive) < Tolerance, $"{Distance(tiled, naive)}");
        for (int position = 0; position < target.Length; position++)
            Assert.Equal(1, TensorPrimitives.Sum<float>(tiled.AsSpan(position * shape.Vocabulary, shape.Vocabulary)), Tolerance);
    }

    [Fact]
    public void A_token_at_a_time_gives_what_the_whole_target_gives()
    {
        using var translator = new LayeredTranslator(shape, seed: 1, Tiled(), capacity: 8, threads: 2);
        translator.Encode(source);
        float[] whole = translator.Decode(target, all: true).ToArray();
        for (int count = 1; count <= target.Length; count++)
        {
            float[] last = translator.Decode(target.AsSpan(0, count), all: false).ToArray();
            Assert.True(Distance(last, whole.AsSpan((count - 1) * shape.Vocabulary, shape.Vocabulary)) < Tolerance);
        }
    }

    [Fact]
    public void The_order_of_the_source_and_what_was_said_matter_and_what_comes_later_does_not()
    {
        float[] first = Of(Tiled(), source, target);
        float[] reordered = Of(Tiled(), [29, 7, 0, 7, 12], target);
        float[] other = Of(Tiled(), source, [0, 4, 8, 4, 21, 3]);

        Assert.True(Distance(first, reordered) > 100 * Tolerance);
        int before = 2 * shape.Vocabulary;
        Assert.Equal(first[..before], other[..before]);
        Assert.True(Distance(first.AsSpan(before), other.AsSpan(before)) > 100 * Tolerance);
    }

    [Fact]
    public void Bad_tokens_and_kernels_are_refused()
    {
        using var translator = new LayeredTranslator(shape, seed: 1, Tiled(), capacity: 8, threads: 1);
        Assert.Throws<InvalidOperationException>(() => translator.Decode(target, all: false).Length);
        Assert.Contains("1 to 8 tokens, not 9", Assert.Throws<ArgumentException>(() => translator.Encode(new int[9])).Message);
        Assert.Contains("not 0", Assert.Throws<ArgumentException>(() => translator.Encode([])).Message);
        Assert.Contains("Id 30 is not below 30", Assert.Throws<ArgumentException>(() => translator.Encode([1, 30])).Message);
        Assert.Contains("Id -1 ", Assert.Throws<ArgumentException>(() => translator.Encode([-1])).Message);
        Assert.Equal(0, translator.SourceTokens);
        Assert.Contains("not decoder-layer", Assert.Throws<ArgumentException>(() => Create(Tiled() with { Decoder = Tiled().Encoder })).Message);
        Assert.Contains("3 heads do not divide", Assert.Throws<ArgumentException>(() =>
            new LayeredTranslator(shape with { Heads = 3 }, 1, Tiled(), 8, 1)).Message);
    }

    private static LayeredTranslator Create(TranslatorKernels kernels) => new(shape, seed: 1, kernels, capacity: 8, threads: 1);

    private static float[] Of(TranslatorKernels kernels, int[] source, int[] target)
    {
        using LayeredTranslator translator = Create(kernels);
        translator.Encode(source);
        return translator.Decode(target, all: true).ToArray();
    }

    private static float Distance(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        float[] difference = new float[one.Length];
        TensorPrimitives.Subtract(one, other, difference);
        return Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference));
    }

    private static TranslatorKernels Tiled() => new(
        Named("layers-tiled-embedding-sinusoidal"), LayerKernels.Tiled(TranslatorKernels.EncoderOperation, Format.Float32),
        LayerKernels.Tiled(Operations.DecoderLayer, Format.Float32), Named("layers-tiled-vocabulary"));

    private static TranslatorKernels Naive() => new(
        Named("layers-naive-embedding-sinusoidal"), new NaiveLayer(TranslatorKernels.EncoderOperation), Named("layers-naive-decoder-layer"),
        Named("layers-naive-vocabulary"));

    private static Kernel Named(string name) => Catalog.All.Single(kernel => kernel.Info.Name == name);
}
