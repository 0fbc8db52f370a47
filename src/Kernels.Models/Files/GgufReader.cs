using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Kernels.Models.Files;

/// <summary>
/// Reads GGUF files, versions 2 and 3 in little-endian order: metadata, of which single values and the pieces of tokens are kept, descriptions of tensors, and
/// numbers (github.com/ggml-org/ggml, docs/gguf.md).
/// </summary>
internal sealed class GgufReader(Stream stream)
{
    private const string AlignmentKey = "general.alignment", PiecesKey = "tokenizer.ggml.tokens";
    private const uint UsualAlignment = 32, MostAlignment = 1 << 20;

    // Of keys and names; the format allows 65535 and 64.
    private const int LongestName = 1 << 16;

    // Models have some fifty values and at most some hundred thousand tokens; a file of empty ones must not take many times its size of memory.
    private const int MostValues = 1 << 14, MostPieces = 1 << 20;

    // ggml has four dimensions.
    private const uint MostDimensions = 4;

    // gguf_metadata_value_type.
    private const uint UInt32Type = 4, StringType = 8, ArrayType = 9;

    private readonly byte[] word = new byte[sizeof(ulong)];
    private readonly Dictionary<string, string> metadata = [];
    private readonly List<string> pieces = [];

    /// <summary>Whether a file begins as such files do.</summary>
    public static bool Begins(ReadOnlySpan<byte> start) => start.StartsWith("GGUF"u8);

    /// <summary>Reads the file from its beginning.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    public WeightsContent Read()
    {
        UInt32();
        uint version = UInt32();
        if (version is not (2 or 3))
            throw new InvalidDataException($"its version is {version}; 2 and 3 in little-endian order are supported");
        ulong count = UInt64(), values = UInt64();
        if (count > TensorList.MostTensors)
            throw new InvalidDataException($"it claims {count:N0} tensors, more than {TensorList.MostTensors:N0}");
        uint alignment = ReadMetadata(values);
        // Offsets count from the end of the descriptions, which is known after them.
        List<(string Name, ImmutableArray<long> Shape, GgufType Type, long Offset)> described = [];
        for (ulong i = 0; i < count; i++)
            described.Add(ReadDescription(alignment));
        long dataStart = (stream.Position + alignment - 1) / alignment * alignment;
        var tensors = new TensorList(stream.Length);
        foreach ((string name, ImmutableArray<long> shape, GgufType type, long offset) in described)
        {
            if (offset > stream.Length)
                throw TensorList.Flaw(name, "begins outside of the file");
            tensors.Add(name, type.Name, type.Element, shape, dataStart + offset, TensorList.Of(name, () => Bytes(shape, type)));
        }
        return new("GGUF", tensors.ToDictionary(), []) { Metadata = metadata, Pieces = pieces };
    }

    private uint ReadMetadata(ulong values)
    {
        uint? alignment = null;
        for (ulong i = 0; i < values; i++)
        {
            string key = String();
            uint type = UInt32();
            if (key != AlignmentKey)
                ReadValue(key, type);
            else if (alignment is not null || type != UInt32Type)
                throw new InvalidDataException($"its {AlignmentKey} is there twice, or no whole number of 32 bits");
            else
                alignment = UInt32();
        }
        return alignment is not { } given ? UsualAlignment
            : given <= MostAlignment && BitOperations.IsPow2(given) ? given
            : throw new InvalidDataException($"its {AlignmentKey} is {given}; it must be a power of 2 up to {MostAlignment}");
    }

    private (string Name, ImmutableArray<long> Shape, GgufType Type, long Offset) ReadDescription(uint alignment)
    {
        string name = String();
        uint rank = UInt32();
        if (rank > MostDimensions)
            throw TensorList.Flaw(name, $"has {rank} dimensions; the format has at most {MostDimensions}");
        long[] shape = new long[rank];
        // The first of the file varies fastest.
        for (int i = shape.Length - 1; i >= 0; i--)
            shape[i] = (long)UInt64();
        var type = GgufType.Of(UInt32());
        ulong offset = UInt64();
        return offset <= long.MaxValue && offset % alignment == 0 ? (name, [.. shape], type, (long)offset)
            : throw TensorList.Flaw(name, $"begins at byte {offset:N0}, which is not a multiple of {alignment}");
    }

    private static long Bytes(ImmutableArray<long> shape, GgufType type)
    {
        long count = TensorShape.Count(shape), row = shape.IsEmpty ? 1 : shape[^1];
        return row % type.Numbers == 0 ? TensorShape.Bytes(count / type.Numbers, type.Bytes)
            : throw new InvalidDataException($"has rows of {row:N0} numbers, but {type.Name} has blocks of {type.Numbers}");
    }

    private void ReadValue(string key, uint type)
    {
        if (type == ArrayType)
        {
            (uint of, ulong count) = (UInt32(), UInt64());
            if (key == PiecesKey && of == StringType && count <= MostPieces && pieces.Count == 0)
                ReadPieces((int)count);
            else
                SkipArray(of, count);
        }
        else if (metadata.Count == MostValues)
            SkipBytes(type == StringType ? UInt64() : 1, type == StringType ? 1 : ValueBytes(type));
        else if (type == StringType)
            KeepText(key, UInt64());
        else
            metadata[key] = Number(type);
    }

    private void ReadPieces(int count)
    {
        for (int i = 0; i < count; i++)
            pieces.Add(String());
    }

    // Longer ones, such as templates of chats, are of no use here.
    private void KeepText(string key, ulong length)
    {
        if (length > LongestName)
            SkipBytes(length, 1);
        else
            metadata[key] = Text(length);
    }

    private string Number(uint type)
    {
        SkipBytes(1, ValueBytes(type));
        stream.Seek(-ValueBytes(type), SeekOrigin.Current);
        stream.ReadExactly(word.AsSpan(0, (int)ValueBytes(type)));
        IFormattable number = type switch
        {
            0 or 7 => (IFormattable)word[0],
            1 => (sbyte)word[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(word),
            3 => BinaryPrimitives.ReadInt16LittleEndian(word),
            5 => BinaryPrimitives.ReadInt32LittleEndian(word),
            6 => BinaryPrimitives.ReadSingleLittleEndian(word),
            10 => BinaryPrimitives.ReadUInt64LittleEndian(word),
            11 => BinaryPrimitives.ReadInt64LittleEndian(word),
            12 => BinaryPrimitives.ReadDoubleLittleEndian(word),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(word),
        };
        return number.ToString(null, CultureInfo.InvariantCulture);
    }

    // Arrays of arrays are in the format's description and in no file; without them nothing nests.
    private void SkipArray(uint type, ulong count)
    {
        if (type != StringType)
        {
            SkipBytes(count, ValueBytes(type));
            return;
        }
        for (ulong i = 0; i < count; i++)
            SkipBytes(UInt64(), 1);
    }

    private static uint ValueBytes(uint type) => type switch
    {
        0 or 1 or 7 => 1,
        2 or 3 => 2,
        4 or 5 or 6 => 4,
        10 or 11 or 12 => 8,
        ArrayType => throw new InvalidDataException("its metadata has an array of arrays, which is not supported"),
        _ => throw new InvalidDataException($"its metadata has a value of type {type}, which the format does not have"),
    };

    private void SkipBytes(ulong count, uint size)
    {
        ulong left = (ulong)(stream.Length - stream.Position);
        if (count > left / size)
            throw new InvalidDataException("it is cut off within its metadata");
        stream.Seek((long)(count * size), SeekOrigin.Current);
    }

    private string String() => Text(UInt64());

    private string Text(ulong length)
    {
        if (length > LongestName || length > (ulong)(stream.Length - stream.Position))
            throw new InvalidDataException($"a name claims {length:N0} bytes, more than there are or than is supported");
        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private uint UInt32()
    {
        stream.ReadExactly(word.AsSpan(0, sizeof(uint)));
        return BinaryPrimitives.ReadUInt32LittleEndian(word);
    }

    private ulong UInt64()
    {
        stream.ReadExactly(word);
        return BinaryPrimitives.ReadUInt64LittleEndian(word);
    }
}
