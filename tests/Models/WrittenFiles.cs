using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Google.Protobuf;

namespace Kernels.Tests.Models;

/// <summary>Small files of weights in the three formats, written from their descriptions.</summary>
internal static class WrittenFiles
{
    /// <summary>A [2, 3] matrix of float32, -1 to 4.</summary>
    public static readonly float[] Numbers = [-1, 0, 1, 2, 3, 4];

    private const int GgufAlignment = 32;

    /// <summary>A model of one graph.</summary>
    public static byte[] Onnx(params byte[][] fieldsOfGraph) => Message(output =>
    {
        Varint(output, 1, 8);
        Bytes(output, 7, [.. fieldsOfGraph.SelectMany(field => field)]);
        Bytes(output, 8, Message(opset => Varint(opset, 2, 17)));
    });

    /// <summary>A field of a graph: a tensor.</summary>
    public static byte[] OnnxTensor(string name, long[] shape, int type, byte[] numbers, int field = 9, bool packedShape = true)
    {
        byte[] message = Message(tensor =>
        {
            if (packedShape)
                Bytes(tensor, 1, Message(sizes => Array.ForEach(shape, sizes.WriteInt64)));
            else
                Array.ForEach(shape, size => Varint(tensor, 1, size));
            Varint(tensor, 2, type);
            Bytes(tensor, 8, Encoding.UTF8.GetBytes(name));
            Bytes(tensor, field, numbers);
        });
        return Message(graph => Bytes(graph, 5, message));
    }

    /// <summary>A field of a graph: a node.</summary>
    public static byte[] OnnxNode(string op, string[] inputs, string output) => Message(graph => Bytes(graph, 1, Message(node =>
    {
        Array.ForEach(inputs, input => Bytes(node, 1, Encoding.UTF8.GetBytes(input)));
        Bytes(node, 2, Encoding.UTF8.GetBytes(output));
        Bytes(node, 4, Encoding.UTF8.GetBytes(op));
    })));

    /// <summary>A file of a header and numbers.</summary>
    public static byte[] Safetensors(string header, byte[] numbers, long? length = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), prefix = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length ?? json.Length);
        return [.. prefix, .. json, .. numbers];
    }

    /// <summary>The same of tensors that follow each other.</summary>
    public static byte[] Safetensors(params (string Name, string Type, long[] Shape, byte[] Numbers)[] tensors)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new { format = "pt" } };
        long begin = 0;
        foreach ((string name, string type, long[] shape, byte[] numbers) in tensors)
        {
            header[name] = new { dtype = type, shape, data_offsets = new[] { begin, begin + numbers.Length } };
            begin += numbers.Length;
        }
        return Safetensors(JsonSerializer.Serialize(header), [.. tensors.SelectMany(tensor => tensor.Numbers)]);
    }

    /// <summary>A GGUF file whose tensors follow each other, at multiples of 32 bytes.</summary>
    public static byte[] Gguf(params (string Name, uint Type, ulong[] Sizes, byte[] Numbers)[] tensors) => Gguf(
        new Dictionary<string, object>
        {
            ["general.architecture"] = "bert",
            ["general.alignment"] = (uint)GgufAlignment,
            ["tokens"] = (string[])["a", "b"],
        }, tensors);

    /// <summary>The same with metadata: texts, whole numbers of 32 bits, float32, and arrays of texts.</summary>
    public static byte[] Gguf(IReadOnlyDictionary<string, object> metadata, params (string Name, uint Type, ulong[] Sizes, byte[] Numbers)[] tensors) =>
        Gguf(3, (ulong)tensors.Length, (ulong)metadata.Count, writer =>
        {
            foreach ((string key, object value) in metadata)
            {
                Text(writer, key);
                Value(writer, value);
            }
            ulong offset = 0;
            foreach ((string name, uint type, ulong[] sizes, byte[] numbers) in tensors)
            {
                GgufTensor(writer, name, type, sizes, offset);
                offset += (ulong)Padded(numbers).Length;
            }
        }, [.. tensors.SelectMany(tensor => Padded(tensor.Numbers))]);

    private static void Value(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.Write(8u);
                Text(writer, text);
                break;
            case uint number:
                writer.Write(4u);
                writer.Write(number);
                break;
            case float number:
                writer.Write(6u);
                writer.Write(number);
                break;
            case string[] texts:
                writer.Write(9u);
                writer.Write(8u);
                writer.Write((ulong)texts.Length);
                Array.ForEach(texts, each => Text(writer, each));
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is not written.", nameof(value));
        }
    }

    /// <summary>A GGUF file with a header as it is asked for.</summary>
    public static byte[] Gguf(uint version, ulong tensors, ulong values, Action<BinaryWriter> rest, byte[] numbers)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write("GGUF"u8);
            writer.Write(version);
            writer.Write(tensors);
            writer.Write(values);
            rest(writer);
        }
        return [.. Padded(stream.ToArray()), .. numbers];
    }

    /// <summary>The description of a tensor; sizes with the fastest first.</summary>
    public static void GgufTensor(BinaryWriter writer, string name, uint type, ulong[] sizes, ulong offset)
    {
        Text(writer, name);
        writer.Write((uint)sizes.Length);
        Array.ForEach(sizes, writer.Write);
        writer.Write(type);
        writer.Write(offset);
    }

    /// <summary>A string of GGUF.</summary>
    public static void Text(BinaryWriter writer, string text)
    {
        writer.Write((ulong)text.Length);
        writer.Write(Encoding.UTF8.GetBytes(text));
    }

    public static byte[] Float32(params float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    public static byte[] Float16(params float[] numbers) => [.. numbers.SelectMany(number => BitConverter.GetBytes((Half)number))];

    /// <summary>Of numbers that bfloat16 has.</summary>
    public static byte[] BFloat16(params float[] numbers) => [.. numbers.SelectMany(number => BitConverter.GetBytes(number)[2..])];

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[(GgufAlignment - bytes.Length % GgufAlignment) % GgufAlignment]];

    public static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }

    public static void Varint(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    public static void Bytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }
}
