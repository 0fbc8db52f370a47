using Kernels.Models.Files;
using Kernels.Models.Text;
using Kernels.Results;
using Kernels.Tests.Fuzz;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>Damaged files of weights and vocabularies: each is read to its end or refused.</summary>
[RunsOnce]
public class WeightsFuzzTests
{
    private static readonly float[] numbers = WrittenFiles.Numbers;

    private static readonly string[] pieces =
    [
        "\u0008\u0001", "\u0012\u007F", "\u007F\u007F\u007F\u007F\u0007", "\u007F\u007F\u007F\u007F\u007F\u007F\u007F\u007F\u007F\u0001",
        "\0\0\0\0\0\0\0\0", "\u0001\0\0\0\0\0\0\0", "\u0009\0\0\0", "GGUF", "[", "{", "}", "F16", "[6]", "[0,24]", "\"shape\":",
        "9223372036854775807",
    ];

    [Fact]
    public void Onnx() => Try(
        "ONNX",
        WrittenFiles.Onnx(
            WrittenFiles.OnnxNode("MatMul", ["x", "w"], "y"), WrittenFiles.OnnxTensor("w", [2, 3], 1, WrittenFiles.Float32(numbers)),
            WrittenFiles.OnnxTensor("v", [2, 3], 10, WrittenFiles.Float16(numbers), packedShape: false)),
        WrittenFiles.Onnx(WrittenFiles.OnnxTensor("w", [6], 1, WrittenFiles.Float32(numbers), field: 4)));

    [Fact]
    public void Safetensors() => Try(
        ".safetensors",
        WrittenFiles.Safetensors(("w", "F32", [2, 3], WrittenFiles.Float32(numbers)), ("v", "BF16", [6], WrittenFiles.BFloat16(numbers))));

    [Fact]
    public void Gguf() => Try(
        "GGUF",
        WrittenFiles.Gguf(
            ("w", 0, [3, 2], WrittenFiles.Float32(numbers)), ("v", 1, [6], WrittenFiles.Float16(numbers)), ("q", 2, [32], new byte[18])));

    [Fact]
    public void Vocabulary() => FuzzRun.Try(
        "vocabulary", ["[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n##b\nab\n"u8.ToArray()], ["[CLS]", "##", "\r\n", "a\n", "\n\n"], (input, _) =>
        {
            using var reader = new StreamReader(new MemoryStream(input));
            var lines = new List<string>();
            while (reader.ReadLine() is { } line)
                lines.Add(line);
            Assert.Equal("[CLS]", Tokenizer.From(lines, "x", 16).Tokenize("abba Ab, b").Tokens[0]);
        }, IsRefusal);

    private static void Try(string name, params byte[][] valid) => FuzzRun.Try(name, valid, pieces, (input, _) =>
    {
        using var file = new WeightsFile(new MemoryStream(input), "x");
        foreach (WeightTensor tensor in file.Tensors.Values)
            if (tensor.Refusal is null)
                Assert.Equal(tensor.Count, file.Read(tensor.Name).Length);
    }, IsRefusal);

    private static bool IsRefusal(Exception error) =>
        error is UserError && new[] { "x: ", "The text" }.Any(begin => error.Message.StartsWith(begin, StringComparison.Ordinal));
}
