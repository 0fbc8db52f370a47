using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Layers;
using Kernels.Models;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>A whole encoder on the layer kernels beside float64.</summary>
public class LayeredEncoderTests
{
    private const double Allowed = 2e-5;

    private static readonly EncoderShape small = new(Layers: 3, Heads: 4, Width: 20, Hidden: 37, Vocabulary: 50, Positions: 40, Epsilon: 1e-12);

    [Theory]
    [InlineData(null, 1)]
    [InlineData(null, 2)]
    [InlineData("naive-three-pass", 1)]
    [InlineData("flash-portable-6x8", 2)]
    public void It_computes_what_float64_does(string? core, int threads)
    {
        EncoderWeights weights = Random();
        Kernel? inner = core is null ? null : Catalog.All.Single(kernel => kernel.Info.Name == core);
        using var encoder = new LayeredEncoder(weights, LayerKernels.Tiled(LayeredEncoder.OperationOf(small), Format.Float32, inner), threads);
        var reference = new ReferenceEncoder(weights);
        var random = new Random(3);
        foreach (int tokens in new[] { 1, 2, 7, 40, 7 })
        {
            int[] ids = [.. Enumerable.Range(0, tokens).Select(_ => random.Next(small.Vocabulary))];
            float[] embedding = new float[small.Width];
            encoder.Embed(ids, embedding);
            AssertNear(reference.Run(ids).Embedding, embedding);
        }
    }

    [Fact]
    public void Too_many_tokens_and_another_layer_are_refused()
    {
        EncoderWeights weights = Random();
        using var encoder = new LayeredEncoder(weights, LayerKernels.Tiled(LayeredEncoder.OperationOf(small), Format.Float32), 1);
        Assert.Contains("1 to 40", Assert.Throws<ArgumentException>(() => encoder.Embed(new int[41], new float[small.Width])).Message);
        Assert.Throws<ArgumentException>(() => new LayeredEncoder(weights, LayerKernels.Tiled(Operations.EncoderLayer, Format.Float32), 1));
    }

    internal static void AssertNear(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Allowed);
    }

    internal static EncoderWeights Random()
    {
        var random = new SeededNormal(5);
        float[] Numbers(int count, double size, double mean = 0)
        {
            float[] numbers = new float[count];
            foreach (ref float number in numbers.AsSpan())
                number = (float)(mean + size * random.Next());
            return numbers;
        }

        int w = small.Width, h = small.Hidden;
        double inner = 1 / Math.Sqrt(w), outer = 1 / Math.Sqrt(h);
        return new(
            small, Numbers(small.Vocabulary * w, 1), Numbers(small.Positions * w, 1), Numbers(w, 1), Numbers(w, 0.2, 1), Numbers(w, 0.3),
            [
                .. Enumerable.Range(0, small.Layers).Select(_ => new LayerWeights(
                    Numbers(w * w, inner), Numbers(w, 0.3), Numbers(w * w, inner),
                    Numbers(w, 0.3), Numbers(w * w, inner), Numbers(w, 0.3), Numbers(w * w, inner),
                    Numbers(w, 0.3), Numbers(w, 0.2, 1), Numbers(w, 0.3), Numbers(w * h, inner), Numbers(h, 0.3), Numbers(h * w, outer), Numbers(w, 0.3),
                    Numbers(w, 0.2, 1), Numbers(w, 0.3))),
            ]);
    }
}
