using Kernels.Models;
using Kernels.Models.Files;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>A model of one small layer, once as Hugging Face stores it and once as it is exported to ONNX.</summary>
[RunsOnce]
public class BertFileTests
{
    private static readonly EncoderShape shape = new(Layers: 1, Heads: 2, Width: 4, Hidden: 6, Vocabulary: 5, Positions: 3, Epsilon: 1e-12);

    private static readonly (string Name, int In, int Out)[] matrices =
    [
        ("attention.self.query", 4, 4), ("attention.self.key", 4, 4), ("attention.self.value", 4, 4), ("attention.output.dense", 4, 4),
        ("intermediate.dense", 4, 6), ("output.dense", 6, 4),
    ];

    private static IEnumerable<(string Name, long[] Shape)> Others =>
    [
        ("embeddings.word_embeddings.weight", [5, 4]), ("embeddings.position_embeddings.weight", [3, 4]),
        ("embeddings.token_type_embeddings.weight", [2, 4]),
        ("embeddings.LayerNorm.weight", [4]), ("embeddings.LayerNorm.bias", [4]),
        .. matrices.Select(matrix => ($"encoder.layer.0.{matrix.Name}.bias", new long[] { matrix.Out })),
        .. new[] { "attention.output", "output" }.SelectMany(
            module => new[] { "weight", "bias" }.Select(end => ($"encoder.layer.0.{module}.LayerNorm.{end}", new long[] { 4 }))),
    ];

    [Fact]
    public void Both_files_give_the_same_weights()
    {
        EncoderWeights onnx = Read(Onnx()), safetensors = Read(Safetensors());

        Assert.Equal(onnx.Words, safetensors.Words);
        Assert.Equal(4, onnx.TokenType.Length);
        Assert.Equal(onnx.Layers[0].W1, safetensors.Layers[0].W1);
        Assert.Equal(onnx.Layers[0].W2, safetensors.Layers[0].W2);
        Assert.Equal(onnx.Layers[0].Bq, safetensors.Layers[0].Bq);
        Assert.Equal(Matrix("intermediate.dense", 4, 6, transposed: false), onnx.Layers[0].W1);
        Assert.Equal(new ReferenceEncoder(onnx).Run([1, 2]).Embedding, new ReferenceEncoder(safetensors).Run([1, 2]).Embedding);
    }

    /// <summary>The encoder on a text of one token, whose attention is its value, by hand.</summary>
    [Fact]
    public void One_token_attends_to_itself()
    {
        EncodedText encoded = new ReferenceEncoder(Read(Onnx())).Run([3], keepHeads: true);
        Assert.Equal([1.0], encoded.Heads[0].Attention(head: 1, query: 0));
        Assert.Equal(4, encoded.Heads[0].V.Length);
    }

    [Fact]
    public void A_missing_or_wrong_weight_is_named()
    {
        Assert.Contains("no tensor 'embeddings.word_embeddings.weight'", Refusal(WrittenFiles.Onnx(), shape));
        Assert.Contains("word_embeddings.weight' must be [6, 4], but is [5, 4]", Refusal(Onnx(), shape with { Vocabulary = 6 }));
        Assert.Contains("no product of a matrix is added to 'encoder.layer.0.attention.self.query", Refusal(Onnx(withNodes: false), shape));
    }

    [Theory]
    [InlineData()]
    [InlineData(1, 2, 3, 4)]
    [InlineData(5)]
    [InlineData(-1)]
    public void Ids_that_the_model_does_not_have_are_refused(params int[] ids) =>
        Assert.Throws<ArgumentException>(() => new ReferenceEncoder(Read(Onnx())).Run(ids));

    private static string Refusal(byte[] bytes, EncoderShape wanted) => Assert.Throws<UserError>(() => Read(bytes, wanted)).Message;

    private static EncoderWeights Read(byte[] bytes, EncoderShape? wanted = null)
    {
        using var file = new WeightsFile(new MemoryStream(bytes), "x");
        return new BertFile(file, "x").Read(wanted ?? shape);
    }

    // Exporters name a product's matrix as they like, and add the bias from either side.
    private static byte[] Onnx(bool withNodes = true) => WrittenFiles.Onnx(
    [
        .. Others.Select(each => WrittenFiles.OnnxTensor(each.Name, each.Shape, 1, WrittenFiles.Float32(Numbers(each.Name, each.Shape)))),
        .. matrices.Index().Select(each => OnnxMatrix(each.Index, each.Item.Name, each.Item.In, each.Item.Out)),
        .. matrices.Index().Where(_ => withNodes).SelectMany(each => OnnxProduct(each.Index, $"encoder.layer.0.{each.Item.Name}.bias")),
    ]);

    private static byte[] OnnxMatrix(int index, string name, int rows, int columns) =>
        WrittenFiles.OnnxTensor($"onnx::{index}", [rows, columns], 1, WrittenFiles.Float32(Matrix(name, rows, columns, transposed: false)));

    private static byte[][] OnnxProduct(int index, string bias)
    {
        string product = $"product{index}";
        string[] sides = index % 2 == 0 ? [bias, product] : [product, bias];
        return [WrittenFiles.OnnxNode("MatMul", ["x", $"onnx::{index}"], product), WrittenFiles.OnnxNode("Add", sides, $"sum{index}")];
    }

    private static byte[] Safetensors() => WrittenFiles.Safetensors(
    [
        .. Others.Select(each => (each.Name, "F32", each.Shape, WrittenFiles.Float32(Numbers(each.Name, each.Shape)))),
        .. matrices.Select(each => (
            $"encoder.layer.0.{each.Name}.weight", "F32", new long[] { each.Out, each.In },
            WrittenFiles.Float32(Matrix(each.Name, each.In, each.Out, transposed: true)))),
    ]);

    private static float[] Matrix(string name, int rows, int columns, bool transposed)
    {
        float[] numbers = Numbers(name, [rows, columns]);
        return transposed ? [.. Enumerable.Range(0, numbers.Length).Select(i => numbers[i % rows * columns + i / rows])] : numbers;
    }

    private static float[] Numbers(string name, long[] sizes)
    {
        var random = new Random(name.Sum(letter => letter));
        return [.. Enumerable.Range(0, (int)sizes.Aggregate((a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f)];
    }
}
