using System.Text;
using Google.Protobuf;
using Kernels.Models.Files;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>Files that claim what they do not have: each is refused in one line, and takes no memory worth mentioning.</summary>
[RunsOnce]
public class HostileWeightsTests
{
    private const long MostMemory = 1 << 20;

    private static readonly byte[] six = WrittenFiles.Float32(WrittenFiles.Numbers);

    public static TheoryData<string, byte[]> Onnx => new()
    {
        { "needs 4,611,686,018,427,387,904 bytes for its shape, but has 24", Tensor([1L << 60]) },
        { "has more numbers than any file can hold", Tensor([1L << 40, 1L << 40]) },
        { "has more numbers than any file can hold", Tensor([0, 1L << 40, 1L << 40]) },
        { "has a size of -1", Tensor([-1, -6]) },
        { "needs 20 bytes for its shape, but has 24", Tensor([5]) },
        { "has more than 16 dimensions", Tensor([.. Enumerable.Repeat(1L, 17)]) },
        { "'w' is there twice", WrittenFiles.Onnx(Field([6]), Field([6])) },
        { "a tensor has a name of 0 characters", WrittenFiles.Onnx(WrittenFiles.OnnxTensor("", [6], 1, six)) },
        { "it has no graph", WrittenFiles.Message(output => WrittenFiles.Varint(output, 1, 8)) },
        { "parts", WrittenFiles.Onnx(WrittenFiles.Message(graph => WrittenFiles.Bytes(graph, 5, WrittenFiles.Message(tensor =>
            {
                WrittenFiles.Bytes(tensor, 4, six);
                WrittenFiles.Bytes(tensor, 4, six);
            })))) },
        { "twice", WrittenFiles.Onnx(WrittenFiles.Message(graph => WrittenFiles.Bytes(graph, 5, WrittenFiles.Message(tensor =>
            {
                WrittenFiles.Bytes(tensor, 4, six);
                WrittenFiles.Bytes(tensor, 9, six);
            })))) },
        { "x: ", Tensor([6])[..^10] },
        { "x: ", WrittenFiles.Message(output => Claim(output, 7, 0x7FFFFFFF)) },
        { "x: ", WrittenFiles.Onnx(WrittenFiles.Message(graph => Claim(graph, 5, 0x7FFFFFFF))) },
        // A name of 2 GiB that is not there.
        { "x: ", WrittenFiles.Message(output =>
            {
                Claim(output, 7, 0x7FFFFFF0);
                Claim(output, 5, 0x7FFFFFC0);
                Claim(output, 8, 0x7FFFFF80);
            }) },
        { "x: ", WrittenFiles.Onnx([.. Enumerable.Repeat((byte)0x63, 10_000)]) },
    };

    public static TheoryData<string, byte[]> Safetensors => new()
    {
        { "more than the format allows", WrittenFiles.Safetensors("{}", [], long.MaxValue) },
        { "cut off within its header", WrittenFiles.Safetensors("{}", [], 50_000_000) },
        { "its header is not understood", WrittenFiles.Safetensors("{", []) },
        { "its header is not understood", WrittenFiles.Safetensors("{} {}", []) },
        { "its header is not understood", WrittenFiles.Safetensors($$"""{"__metadata__":{{new string('[', 10_000)}}""", []) },
        { "its header is not understood", WrittenFiles.Safetensors("""{"w":{"dtype":"F32","shape":[1e30],"data_offsets":[0,24]}}""", six) },
        { "has a size of -1", Header("[-1, -6]", "[0, 24]") },
        { "has more numbers than any file can hold", Header("[1099511627776, 1099511627776]", "[0, 24]") },
        { "has more bytes than any file can hold", Header("[9223372036854775807]", "[0, 24]") },
        { "needs 20 bytes for its shape, but has 24", Header("[5]", "[0, 24]") },
        { "'w' is cut off", Header("[7]", "[0, 28]") },
        { "'w' is cut off", Header("[6]", "[1, 25]") },
        { "which no file has", Header("[6]", "[9223372036854775783, 9223372036854775807]") },
        { "lacks a dtype", Header("[6]", "[24, 0]") },
        { "lacks a dtype", Header("[6]", "[-1, 23]") },
        { "lacks a dtype", Header("[6]", "[0, 24, 48]") },
        { "there twice", Header("[6]", """[0, 24], "shape": [6]""") },
        { "'w' is there twice", WrittenFiles.Safetensors($$"""{"w":{{Body("[3]", "[0,12]")}},"w":{{Body("[3]", "[12,24]")}}}""", six) },
        { "share bytes", WrittenFiles.Safetensors($$"""{"w":{{Body("[3]", "[0,12]")}},"v":{{Body("[3]", "[8,20]")}}}""", six) },
    };

    public static TheoryData<string, byte[]> Gguf => new()
    {
        { "its version is 1", WrittenFiles.Gguf(1, 0, 0, _ => { }, []) },
        { "its version is 50331648", WrittenFiles.Gguf(3u << 24, 0, 0, _ => { }, []) },
        { "more than 131,072", WrittenFiles.Gguf(3, ulong.MaxValue, 0, _ => { }, []) },
        { "x: ", WrittenFiles.Gguf(3, 0, ulong.MaxValue, _ => { }, []) },
        { "a name claims", WrittenFiles.Gguf(3, 0, 1, writer => writer.Write(ulong.MaxValue), []) },
        { "cut off within its metadata", Value(9, writer => { writer.Write(8u); writer.Write(1ul); writer.Write(ulong.MaxValue); }) },
        { "cut off within its metadata", Value(9, writer => { writer.Write(10u); writer.Write(ulong.MaxValue / 4); }) },
        { "an array of arrays", Value(9, writer => { writer.Write(9u); writer.Write(1ul); }) },
        { "a value of type 99", Value(99, _ => { }) },
        { "must be a power of 2", Value(4, writer => writer.Write(0u), "general.alignment") },
        { "must be a power of 2", Value(4, writer => writer.Write(24u), "general.alignment") },
        { "no whole number", Value(8, writer => WrittenFiles.Text(writer, "32"), "general.alignment") },
        { "has 5 dimensions", Described(0, [1, 1, 1, 1, 1], 0) },
        { "has a size of -1", Described(0, [ulong.MaxValue], 0) },
        { "has more numbers than any file can hold", Described(0, [1ul << 40, 1ul << 40], 0) },
        { "'w' is cut off", Described(0, [1ul << 40], 0) },
        { "begins outside", Described(0, [6], 1ul << 40) },
        { "not a multiple of 32", Described(0, [6], 4) },
        { "which is not a multiple", Described(0, [6], 1ul << 63) },
        { "but Q4_K has blocks of 256", Described(12, [6], 0) },
        { "'w' is there twice", WrittenFiles.Gguf(("w", 0, [6], six), ("w", 0, [6], six)) },
        { "share bytes", WrittenFiles.Gguf(3, 2, 0, writer =>
            {
                WrittenFiles.GgufTensor(writer, "w", 0, [6], 0);
                WrittenFiles.GgufTensor(writer, "v", 0, [6], 0);
            }, six) },
        { "cut off", WrittenFiles.Gguf(("w", 0, [6], six))[..100] },
    };

    [Theory]
    [MemberData(nameof(Onnx))]
    [MemberData(nameof(Safetensors))]
    [MemberData(nameof(Gguf))]
    public void A_hostile_file_is_refused_in_a_line(string reason, byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        UserError error = Assert.Throws<UserError>(() => new WeightsFile(new MemoryStream(bytes), "x"));
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Contains(reason, error.Message);
        Assert.StartsWith("x: ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(taken < MostMemory + 4 * bytes.Length, $"{taken:N0} bytes for {bytes.Length:N0}");
    }

    /// <summary>Millions of things of two bytes each must not take gigabytes.</summary>
    [Theory]
    [InlineData(1, "nodes")]
    [InlineData(5, "a tensor has a name")]
    public void Many_empty_parts_are_refused(byte field, string reason)
    {
        byte[] parts = [.. Enumerable.Repeat(new byte[] { (byte)(field << 3 | 2), 0 }, 1_000_000).SelectMany(part => part)];
        Assert.Contains(reason, Assert.Throws<UserError>(() => new WeightsFile(new MemoryStream(WrittenFiles.Onnx(parts)), "x")).Message);
    }

    /// <summary>Numbers elsewhere are listed, and refused when they are read.</summary>
    [Fact]
    public void Numbers_in_another_file_are_not_read()
    {
        byte[] bytes = WrittenFiles.Onnx(WrittenFiles.Message(graph => WrittenFiles.Bytes(graph, 5, WrittenFiles.Message(tensor =>
        {
            WrittenFiles.Varint(tensor, 1, 6);
            WrittenFiles.Varint(tensor, 2, 1);
            WrittenFiles.Bytes(tensor, 8, Encoding.UTF8.GetBytes("w"));
            WrittenFiles.Bytes(tensor, 13, []);
        }))));
        using var file = new WeightsFile(new MemoryStream(bytes), "x");
        UserError error = Assert.Throws<UserError>(() => file.Read("w"));
        Assert.Equal("x: 'w' has its numbers in another file, which is not supported.", error.Message);
    }

    private static byte[] Tensor(long[] shape) => WrittenFiles.Onnx(Field(shape));

    private static byte[] Field(long[] shape) => WrittenFiles.OnnxTensor("w", shape, 1, six);

    private static void Claim(CodedOutputStream output, int field, int length)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteLength(length);
    }

    private static byte[] Header(string shape, string offsets) => WrittenFiles.Safetensors($$"""{"w":{{Body(shape, offsets)}}}""", six);

    private static string Body(string shape, string offsets) => $$"""{"dtype":"F32","shape":{{shape}},"data_offsets":{{offsets}}}""";

    private static byte[] Value(uint type, Action<BinaryWriter> write, string key = "key") => WrittenFiles.Gguf(3, 0, 1, writer =>
    {
        WrittenFiles.Text(writer, key);
        writer.Write(type);
        write(writer);
    }, []);

    private static byte[] Described(uint type, ulong[] sizes, ulong offset) =>
        WrittenFiles.Gguf(3, 1, 0, writer => WrittenFiles.GgufTensor(writer, "w", type, sizes, offset), six);
}
