using Google.Protobuf;
using Kernels.Abstractions;

namespace Kernels.Models.Files;

/// <summary>TensorProto. Of its numbers only the place in the file is kept.</summary>
internal sealed class OnnxTensor : OnnxMessage
{
    private const int DimsField = 1, TypeField = 2, FloatField = 4, NameField = 8, RawField = 9, ExternalField = 13;

    // TensorProto.DataType.
    private const int Float = 1, Float16 = 10, BFloat16 = 16;

    private static readonly string[] typeNames =
    [
        "UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE", "UINT32",
        "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "UINT4", "INT4",
        "FLOAT4E2M1",
    ];

    private readonly List<long> shape = [];
    private string name = "";
    private int type;
    private bool isExternal;
    private (long Offset, long Bytes)? raw, floats;

    /// <summary>Adds what was read to the tensors of the file.</summary>
    public void AddTo(TensorList tensors)
    {
        string typeName = (uint)type < (uint)typeNames.Length ? typeNames[type] : $"type {type}";
        Element? element = type switch
        {
            Float => Element.Float32,
            Float16 => Element.Float16,
            BFloat16 => Element.BFloat16,
            _ => null,
        };
        if (raw is not null && floats is not null)
            throw new InvalidDataException("a tensor has its numbers twice");
        (long Offset, long Bytes)? place = raw ?? (type == Float ? floats : null);
        string? refusal = element is null ? null
            : isExternal ? "has its numbers in another file, which is not supported"
            : place is null ? "has its numbers neither in raw_data nor in float_data, which is not supported" : null;
        (long offset, long bytes) = place ?? (0, 0);
        if (element is { } known && refusal is null)
            RequireBytes(known, bytes);
        tensors.Add(name, typeName, element, [.. shape], offset, bytes, refusal);
    }

    protected override bool ReadField(CodedInputStream input, int field, WireFormat.WireType wire)
    {
        switch (field, wire)
        {
            case (DimsField, WireFormat.WireType.Varint):
                AddSize(input);
                return true;
            case (DimsField, WireFormat.WireType.LengthDelimited):
                for (long end = input.ReadLength() + input.Position; input.Position < end;)
                    AddSize(input);
                return true;
            case (TypeField, WireFormat.WireType.Varint):
                type = input.ReadInt32();
                return true;
            case (NameField, WireFormat.WireType.LengthDelimited):
                name = input.ReadString();
                return true;
            case (RawField, WireFormat.WireType.LengthDelimited):
                raw = raw is null ? Place(input) : throw new InvalidDataException("a tensor has its raw_data twice");
                return true;
            case (FloatField, WireFormat.WireType.LengthDelimited):
                floats = floats is null ? Place(input)
                    : throw new InvalidDataException("a tensor has its float_data in parts, which is not supported");
                return true;
            case (FloatField, WireFormat.WireType.Fixed32):
                throw new InvalidDataException("a tensor has its float_data unpacked, which is not supported");
            case (ExternalField, _):
                isExternal = true;
                return false;
            default:
                return false;
        }
    }

    private void RequireBytes(Element element, long bytes)
    {
        long needed = TensorList.Of(name, () => TensorShape.Bytes(TensorShape.Count([.. shape]), element.Size()));
        if (bytes != needed)
            TensorList.Of<long>(name, () => throw new InvalidDataException($"needs {needed:N0} bytes for its shape, but has {bytes:N0}"));
    }

    private void AddSize(CodedInputStream input)
    {
        TensorShape.RequireRank(shape.Count + 1);
        shape.Add(input.ReadInt64());
    }

    // The length before the bytes has the fewest bytes that it fits into. Where it has more, the number of bytes does not fit the shape.
    private static (long Offset, long Bytes) Place(CodedInputStream input)
    {
        long begin = input.Position;
        input.SkipLastField();
        long all = input.Position - begin;
        int prefix = 1;
        while (prefix < all && all - prefix >= 1L << (7 * prefix))
            prefix++;
        return (begin + prefix, all - prefix);
    }
}
