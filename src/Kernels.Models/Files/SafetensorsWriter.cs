using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Kernels.Results;

namespace Kernels.Models.Files;

/// <summary>Writes float32 tensors as a .safetensors file, which <see cref="WeightsFile"/> and Hugging Face's libraries read.</summary>
public static class SafetensorsWriter
{
    // The format asks for it, so that the numbers can be mapped into memory.
    private const int Alignment = 8;

    /// <summary>Writes a file, which is complete or absent at any moment.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Name, sizes and numbers of each, the last dimension fastest; names are unique.</param>
    /// <param name="metadata">Texts about the file, by name.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="ArgumentException">Numbers do not fill their shape.</exception>
    /// <exception cref="IOException">It cannot be written, or exists.</exception>
    public static void Write(
        string path, IReadOnlyList<(string Name, int[] Shape, float[] Values)> tensors, IReadOnlyDictionary<string, string> metadata, bool overwrite)
    {
        byte[] header = Header(tensors, metadata);
        WholeFile.Write(
            path,
            file =>
            {
                Span<byte> length = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
                file.Write(length);
                file.Write(header);
                foreach ((_, _, float[] values) in tensors)
                    file.WriteFloats(values);
            },
            overwrite);
    }

    private static byte[] Header(IReadOnlyList<(string Name, int[] Shape, float[] Values)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsReader.Metadata);
            foreach ((string name, string text) in metadata)
                json.WriteString(name, text);
            json.WriteEndObject();
            long offset = 0;
            foreach ((string name, int[] shape, float[] values) in tensors)
            {
                if (shape.Aggregate(1L, (product, size) => product * size) != values.Length)
                    throw new ArgumentException($"{values.Length:N0} numbers do not fill the shape ({string.Join(", ", shape)}) of {name}.", nameof(tensors));
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", [.. shape]);
                WriteNumbers(json, "data_offsets", [offset, offset += (long)values.Length * sizeof(float)]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        byte[] header = new byte[(buffer.WrittenCount + Alignment - 1) / Alignment * Alignment];
        Array.Fill(header, (byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
