using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Protocol;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>A tensor of ONNX Runtime on native memory of this program, which the library reads and writes in place.</summary>
internal sealed unsafe class OnnxTensor : IDisposable
{
    private readonly NativeBuffer buffer;

    private OnnxTensor(NativeBuffer buffer, TensorElementType type, long[] shape)
    {
        this.buffer = buffer;
        Type = type;
        Shape = shape;
        Value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, (nint)buffer.Start, buffer.Bytes);
    }

    public TensorElementType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    public OrtValue Value { get; }

    public void* Start => buffer.Start;

    /// <summary>Room for float32 numbers.</summary>
    public static OnnxTensor Floats(params long[] shape) =>
        new(new NativeBuffer(shape.Aggregate((long)sizeof(float), (product, size) => product * size)), TensorElementType.Float, shape);

    /// <summary>An operand as it is in its file, [batch, head, token, channel].</summary>
    public static OnnxTensor HeadMajor(Operand operand) =>
        new(operand.Read(), TensorElementType.Float, [.. operand.Shape.Select(size => (long)size)]);

    /// <summary>The last tokens of an operand as [batch, token, head·channel].</summary>
    public static OnnxTensor TokenMajor(Operand operand, int tokens)
    {
        using NativeBuffer source = operand.Read();
        (int batch, int heads, int channels) = (operand.Shape[0], operand.Shape[1], operand.Shape[3]);
        OnnxTensor tensor = Floats(batch, tokens, heads * channels);
        operand.View(source.Start).Last(tokens).CopyTo(View.TokenMajor(tensor.Start, sizeof(float), batch, heads, tokens, channels));
        return tensor;
    }

    /// <summary>One number again and again.</summary>
    public static OnnxTensor Ints(int value, int count)
    {
        var buffer = new NativeBuffer(count * (long)sizeof(int));
        new Span<int>(buffer.Start, count).Fill(value);
        return new(buffer, TensorElementType.Int32, [count]);
    }

    /// <summary>Copies the numbers of a tensor of the same type and shape.</summary>
    public void CopyFrom(OnnxTensor other) => Buffer.MemoryCopy(other.Start, Start, buffer.Bytes, buffer.Bytes);

    public void FillNaN() => buffer.FillNaN();

    public void Dispose()
    {
        Value.Dispose();
        buffer.Dispose();
    }
}
