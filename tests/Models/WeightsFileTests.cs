using Kernels.Abstractions;
using Kernels.Models.Files;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Models;

[RunsOnce]
public class WeightsFileTests
{
    private static readonly float[] numbers = WrittenFiles.Numbers;

    public static TheoryData<string, byte[]> Files => new()
    {
        {
            "ONNX", WrittenFiles.Onnx(
                WrittenFiles.OnnxTensor("f32", [2, 3], 1, WrittenFiles.Float32(numbers)),
                WrittenFiles.OnnxTensor("bf16", [2, 3], 16, WrittenFiles.BFloat16(numbers), packedShape: false),
                WrittenFiles.OnnxTensor("f16", [2, 3], 10, WrittenFiles.Float16(numbers)),
                WrittenFiles.OnnxTensor("other", [1], 7, new byte[8]))
        },
        {
            "ONNX", WrittenFiles.Onnx(
                WrittenFiles.OnnxTensor("f32", [2, 3], 1, WrittenFiles.Float32(numbers), field: 4),
                WrittenFiles.OnnxTensor("bf16", [2, 3], 16, WrittenFiles.BFloat16(numbers)),
                WrittenFiles.OnnxTensor("f16", [2, 3], 10, WrittenFiles.Float16(numbers)),
                WrittenFiles.OnnxTensor("other", [1], 7, new byte[8]))
        },
        {
            "safetensors", WrittenFiles.Safetensors(
                ("f32", "F32", [2, 3], WrittenFiles.Float32(numbers)), ("f16", "F16", [2, 3], WrittenFiles.Float16(numbers)),
                ("bf16", "BF16", [2, 3], WrittenFiles.BFloat16(numbers)), ("other", "I64", [1], new byte[8]))
        },
        {
            "GGUF", WrittenFiles.Gguf(
                ("f32", 0, [3, 2], WrittenFiles.Float32(numbers)), ("f16", 1, [3, 2], WrittenFiles.Float16(numbers)),
                ("bf16", 30, [3, 2], WrittenFiles.BFloat16(numbers)), ("other", 12, [256, 2], new byte[288]))
        },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Tensors_are_listed_and_read(string format, byte[] bytes)
    {
        using WeightsFile file = Open(bytes);

        Assert.Equal(format, file.Format);
        Assert.Equal(["bf16", "f16", "f32", "other"], file.Tensors.Keys.Order());
        foreach ((string name, Element element) in new[] { ("f32", Element.Float32), ("f16", Element.Float16), ("bf16", Element.BFloat16) })
        {
            Assert.Equal(element, file.Tensors[name].Element);
            Assert.Equal(6, file.Tensors[name].Count);
            Assert.Equal(numbers, file.Read(name, 2, 3));
        }
        Assert.StartsWith("x: 'f32' must be [3, 2], but is [2, 3]", Assert.Throws<UserError>(() => file.Read("f32", 3, 2)).Message);
        Assert.StartsWith("x: it has no tensor 'f33'", Assert.Throws<UserError>(() => file.Read("f33")).Message);
        Assert.Null(file.Tensors["other"].Element);
        string type = file.Tensors["other"].Type;
        Assert.Equal(format switch { "ONNX" => "INT64", "GGUF" => "Q4_K", _ => "I64" }, type);
        Assert.Equal($"x: 'other' is {type}, which is not supported.", Assert.Throws<UserError>(() => file.Read("other")).Message);
    }

    /// <summary>A tensor longer than the buffer that 16-bit numbers are widened through.</summary>
    [Fact]
    public void A_long_tensor_is_read_to_its_end()
    {
        float[] many = [.. Enumerable.Range(0, 100_000).Select(i => (float)(i % 255))];
        using WeightsFile file = Open(WrittenFiles.Safetensors(("w", "BF16", [100_000], WrittenFiles.BFloat16(many))));
        Assert.Equal(many, file.Read("w"));
    }

    [Fact]
    public void Nodes_of_a_graph_are_read()
    {
        byte[] product = WrittenFiles.OnnxNode("MatMul", ["x", "w"], "y"), sum = WrittenFiles.OnnxNode("Add", ["b", "y"], "z");
        using WeightsFile file = Open(WrittenFiles.Onnx(product, sum));

        Assert.Equal(["MatMul", "Add"], file.Nodes.Select(node => node.Operator));
        Assert.Equal(["x", "w"], file.Nodes[0].Inputs);
        Assert.Equal(["z"], file.Nodes[1].Outputs);
    }

    [Fact]
    public void What_is_no_file_of_weights_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("text"), "These are no weights, but a sentence.");
        File.WriteAllBytes(folder.File("empty"), []);

        Assert.Contains("it is a folder", Refusal(folder.Path));
        Assert.Contains("it is not an ONNX, .safetensors or GGUF file", Refusal(folder.File("text")));
        Assert.Contains("it is empty", Refusal(folder.File("empty")));
        Assert.Contains("Could not find file", Refusal(folder.File("absent")));
    }

    private static string Refusal(string path)
    {
        string message = Assert.Throws<UserError>(() => WeightsFile.Open(path)).Message;
        Assert.StartsWith(path, message.Replace("'", ""));
        return message;
    }

    private static WeightsFile Open(byte[] bytes) => new(new MemoryStream(bytes), "x");

    /// <summary>gguf_metadata_value_type: the type, and the bytes of a value.</summary>
    [Theory]
    [InlineData(0u, "200", new byte[] { 200 })]
    [InlineData(1u, "-56", new byte[] { 200 })]
    [InlineData(2u, "65535", new byte[] { 255, 255 })]
    [InlineData(3u, "-1", new byte[] { 255, 255 })]
    [InlineData(4u, "4294967295", new byte[] { 255, 255, 255, 255 })]
    [InlineData(5u, "-1", new byte[] { 255, 255, 255, 255 })]
    [InlineData(6u, "1E-06", new byte[] { 0xBD, 0x37, 0x86, 0x35 })]
    [InlineData(7u, "1", new byte[] { 1 })]
    [InlineData(8u, "ab", new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 97, 98 })]
    [InlineData(10u, "18446744073709551615", new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 })]
    [InlineData(11u, "-1", new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 })]
    [InlineData(12u, "2", new byte[] { 0, 0, 0, 0, 0, 0, 0, 64 })]
    public void Values_of_gguf_are_texts(uint type, string text, byte[] value)
    {
        using WeightsFile file = Open(WrittenFiles.Gguf(3, 0, 1, writer =>
        {
            WrittenFiles.Text(writer, "key");
            writer.Write(type);
            writer.Write(value);
        }, []));
        Assert.Equal(text, file.Metadata["key"]);
    }
}
