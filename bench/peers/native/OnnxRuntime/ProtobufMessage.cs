using System.Buffers.Binary;
using System.Text;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>
/// Writes the encoding of Protocol Buffers: a field is its number and kind, then an integer of variable length, a little-endian float, or
/// bytes with their length before them (protobuf.dev, Encoding).
/// </summary>
internal sealed class ProtobufMessage
{
    private const int Variable = 0, Prefixed = 2, Fixed32 = 5;

    private readonly MemoryStream bytes = new();

    public ProtobufMessage Int(int field, long value)
    {
        Tag(field, Variable);
        Varint((ulong)value);
        return this;
    }

    public ProtobufMessage Float(int field, float value)
    {
        Tag(field, Fixed32);
        Span<byte> four = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        bytes.Write(four);
        return this;
    }

    public ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Message(int field, ProtobufMessage value) => Bytes(field, value.ToArray());

    public ProtobufMessage Messages<T>(int field, IEnumerable<T> values, Func<T, ProtobufMessage> message)
    {
        foreach (T value in values)
            Message(field, message(value));
        return this;
    }

    public byte[] ToArray() => bytes.ToArray();

    private ProtobufMessage Bytes(int field, byte[] value)
    {
        Tag(field, Prefixed);
        Varint((ulong)value.Length);
        bytes.Write(value);
        return this;
    }

    private void Tag(int field, int kind) => Varint((ulong)(field << 3 | kind));

    private void Varint(ulong value)
    {
        for (; value > 127; value >>= 7)
            bytes.WriteByte((byte)(value | 128));
        bytes.WriteByte((byte)value);
    }
}
