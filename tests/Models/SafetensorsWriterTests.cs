using System.Buffers.Binary;
using Kernels.Abstractions;
using Kernels.Models.Files;
using Xunit;

namespace Kernels.Tests.Models;

[RunsOnce]
public sealed class SafetensorsWriterTests
{
    private static readonly Dictionary<string, string> metadata = new() { ["model"] = "a \"name\"", [""] = "é" };

    [Fact]
    public void The_reader_reads_what_is_written()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.safetensors");
        float[] numbers = [-1.5f, 0, float.NaN, float.PositiveInfinity, float.Epsilon, 7];
        SafetensorsWriter.Write(path, [("a \"b\"", [2, 3], numbers), ("empty", [0, 4], []), ("é", [1], [3])], metadata, overwrite: false);

        using var file = WeightsFile.Open(path);
        Assert.Equal("safetensors", file.Format);
        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(["a \"b\"", "empty", "é"], file.Tensors.Keys);
        Assert.All(file.Tensors.Values, tensor => Assert.Equal(Element.Float32, tensor.Element));
        Assert.Equal(numbers, file.Read("a \"b\"", 2, 3));
        Assert.Empty(file.Read("empty", 0, 4));
        Assert.Equal([3f], file.Read("é", 1));
        byte[] bytes = File.ReadAllBytes(path);
        // So that the numbers can be mapped into memory.
        Assert.Equal(0ul, BinaryPrimitives.ReadUInt64LittleEndian(bytes) % 8);
        Assert.Equal(8 + (long)BinaryPrimitives.ReadUInt64LittleEndian(bytes) + 7 * sizeof(float), bytes.Length);
    }

    [Fact]
    public void Nothing_is_overwritten_or_left_behind()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.safetensors");
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("a", [2], [1])], metadata, overwrite: true));
        Assert.Empty(folder.Files);
        File.WriteAllText(path, "mine");
        Assert.Throws<IOException>(() => SafetensorsWriter.Write(path, [("a", [1], [1])], metadata, overwrite: false));
        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Equal(["x.safetensors"], folder.Files);
    }

    [Fact]
    public void Texts_that_are_none_are_left_out()
    {
        byte[] bytes = WrittenFiles.Safetensors(
            """{"__metadata__":{"a":"1","b":[{"c":2}],"d":{},"e":null,"f":"2"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]);
        using var file = new WeightsFile(new MemoryStream(bytes), "x");
        Assert.Equal([new("a", "1"), new("f", "2")], file.Metadata);
        Assert.Equal([0f], file.Read("x"));
    }
}
