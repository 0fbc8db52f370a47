using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Kernels.Models.Files;

/// <summary>
/// A message whose fields are read by hand. <see cref="CodedInputStream.ReadMessage"/> then keeps to its length, and bounds the nesting of
/// what is skipped.
/// </summary>
internal abstract class OnnxMessage : IMessage
{
    /// <summary>Not there: nothing was generated.</summary>
    public MessageDescriptor Descriptor => throw new NotSupportedException();

    /// <summary>Reads fields to the end of the message; those that are not needed are skipped.</summary>
    public void MergeFrom(CodedInputStream input)
    {
        for (uint tag; (tag = input.ReadTag()) != 0;)
            if (!ReadField(input, WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag)))
                input.SkipLastField();
    }

    /// <summary>Messages are only read.</summary>
    public void WriteTo(CodedOutputStream output) => throw new NotSupportedException();

    /// <summary>Messages are only read.</summary>
    public int CalculateSize() => throw new NotSupportedException();

    /// <summary>Reads the field of the last tag, and returns true, or nothing of it, and returns false.</summary>
    protected abstract bool ReadField(CodedInputStream input, int field, WireFormat.WireType type);
}
