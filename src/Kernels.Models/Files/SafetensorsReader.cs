using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Models.Files;

/// <summary>
/// Reads .safetensors files: 8 bytes with the length of a JSON object, the object, and the numbers, which it places
/// (github.com/huggingface/safetensors, section Format).
/// </summary>
internal static class SafetensorsReader
{
    private const int LengthBytes = 8;

    // The format's own limit.
    private const int LongestHeader = 100_000_000;

    // So that a file of empty texts does not take many times its size of memory.
    private const int MostTexts = 1024;

    // {"name": {"shape": [1]}}
    private const int Deepest = 8;

    /// <summary>The name of the texts about a file, where others have the name of a tensor.</summary>
    public const string Metadata = "__metadata__";

    /// <summary>Bytes that tell such a file: the length, and the brace that must follow it.</summary>
    public const int StartBytes = LengthBytes + 1;

    /// <summary>Whether a file begins as such files do.</summary>
    public static bool Begins(ReadOnlySpan<byte> start) => start.Length == StartBytes && start[LengthBytes] == (byte)'{';

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static WeightsContent Read(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader)
            throw new InvalidDataException($"its header claims {length:N0} bytes, more than the format allows");
        if ((long)length > stream.Length - LengthBytes)
            throw new InvalidDataException("it is cut off within its header");
        byte[] header = new byte[length];
        stream.ReadExactly(header);
        var tensors = new TensorList(stream.Length);
        Dictionary<string, string> metadata = [];
        try
        {
            ReadHeader(header, stream.Position, tensors, metadata);
        }
        // A string may be no valid UTF-8, which is the second kind.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            string place = error is JsonException { BytePositionInLine: { } at } ? $" at byte {at:N0} of it" : "";
            throw new InvalidDataException($"its header is not understood{place}");
        }
        return new("safetensors", tensors.ToDictionary(), []) { Metadata = metadata };
    }

    private static void ReadHeader(ReadOnlySpan<byte> header, long dataStart, TensorList tensors, Dictionary<string, string> metadata)
    {
        var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = Deepest });
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            if (name == Metadata)
                ReadMetadata(ref json, metadata);
            else
                ReadTensor(ref json, name, dataStart, tensors);
        }
        // Only spaces may follow, which fill the header up.
        if (json.Read())
            throw new JsonException();
    }

    private static void ReadTensor(ref Utf8JsonReader json, string name, long dataStart, TensorList tensors)
    {
        string? type = null;
        ImmutableArray<long>? shape = null, range = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            if (key == "dtype" && type is null)
                type = Next(ref json) == JsonTokenType.String ? json.GetString()! : throw new JsonException();
            else if (key == "shape" && shape is null)
                shape = Numbers(ref json);
            else if (key == "data_offsets" && range is null)
                range = Numbers(ref json);
            else
                throw TensorList.Flaw(name, $"has the key '{OneLine.Quote(key)}', unknown or there twice");
        }
        if (type is null || shape is not { } sizes || range is not [var begin, var end] || begin < 0 || begin > end)
            throw TensorList.Flaw(name, "lacks a dtype, a shape or data_offsets, or has wrong ones");
        (Element? element, int size) = Type(type);
        if (size > 0)
        {
            long needed = TensorList.Of(name, () => TensorShape.Bytes(TensorShape.Count(sizes), size));
            if (needed != end - begin)
                throw TensorList.Flaw(name, $"needs {needed:N0} bytes for its shape, but has {end - begin:N0}");
        }
        if (begin > long.MaxValue - dataStart)
            throw TensorList.Flaw(name, $"begins at byte {begin:N0}, which no file has");
        tensors.Add(name, OneLine.Quote(type), element, sizes, dataStart + begin, end - begin);
    }

    // Size 0: not known.
    private static (Element? Element, int Bytes) Type(string name) => name switch
    {
        "F32" => (Element.Float32, 4),
        "F16" => (Element.Float16, 2),
        "BF16" => (Element.BFloat16, 2),
        "F64" or "I64" or "U64" => (null, 8),
        "I32" or "U32" => (null, 4),
        "I16" or "U16" => (null, 2),
        "I8" or "U8" or "BOOL" or "F8_E5M2" or "F8_E4M3" => (null, 1),
        _ => (null, 0),
    };

    private static ImmutableArray<long> Numbers(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartArray);
        ImmutableArray<long>.Builder numbers = ImmutableArray.CreateBuilder<long>();
        while (Next(ref json) == JsonTokenType.Number)
        {
            TensorShape.RequireRank(numbers.Count + 1);
            numbers.Add(json.TryGetInt64(out long number) ? number : throw new JsonException());
        }
        return json.TokenType == JsonTokenType.EndArray ? numbers.ToImmutable() : throw new JsonException();
    }

    // Texts by name; whatever else a program has written there is left out, and what is too much.
    private static void ReadMetadata(ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        if (Next(ref json) != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            if (Next(ref json) == JsonTokenType.String && metadata.Count < MostTexts)
                metadata[name] = json.GetString()!;
            else
                json.Skip();
        }
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (Next(ref json) != type)
            throw new JsonException();
    }

    private static JsonTokenType Next(ref Utf8JsonReader json) => json.Read() ? json.TokenType : throw new JsonException();
}
