using ILGPU;
using ILGPU.Runtime;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// Device memory that grows to the largest length requested and is kept, so that repeated calls allocate nothing. Contents are lost when it
/// grows.
/// </summary>
internal sealed unsafe class IlgpuBuffer<T>(Accelerator accelerator) : IDisposable
    where T : unmanaged
{
    private MemoryBuffer1D<T, Stride1D.Dense>? buffer;

    /// <summary>View of the whole buffer.</summary>
    public ArrayView<T> View => buffer!.View;

    /// <exception cref="AcceleratorException">The device has not enough memory.</exception>
    public void Reserve(long length)
    {
        if (buffer is not null && buffer.Length >= length)
            return;
        Dispose();
        buffer = accelerator.Allocate1D<T>(length);
    }

    /// <summary>Copies from host memory and waits for the copy.</summary>
    public void Write(T* source, long length)
    {
        Reserve(length);
        View.SubView(0, length).CopyFromCPU(accelerator.DefaultStream, ref *source, length);
    }

    /// <summary>Copies to host memory after all earlier commands of the stream, and waits for the copy.</summary>
    public void Read(T* target, long length) => View.SubView(0, length).CopyToCPU(accelerator.DefaultStream, ref *target, length);

    public void Dispose()
    {
        buffer?.Dispose();
        buffer = null;
    }
}
