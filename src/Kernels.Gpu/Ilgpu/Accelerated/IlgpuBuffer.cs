using ILGPU;
using ILGPU.Runtime;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// Memory of the device that grows to the largest length asked for, and is then kept: a repeated call creates nothing. Contents are lost
/// when it grows.
/// </summary>
internal sealed unsafe class IlgpuBuffer<T>(Accelerator accelerator) : IDisposable
    where T : unmanaged
{
    private MemoryBuffer1D<T, Stride1D.Dense>? buffer;

    /// <summary>The whole buffer, as kernels take it.</summary>
    public ArrayView<T> View => buffer!.View;

    /// <exception cref="AcceleratorException">The device has not enough memory.</exception>
    public void Reserve(long length)
    {
        if (buffer is not null && buffer.Length >= length)
            return;
        Dispose();
        buffer = accelerator.Allocate1D<T>(length);
    }

    /// <summary>Copies from host memory, and returns then.</summary>
    public void Write(T* source, long length)
    {
        Reserve(length);
        View.SubView(0, length).CopyFromCPU(accelerator.DefaultStream, ref *source, length);
    }

    /// <summary>Copies to host memory when everything before in the stream is done, and returns then.</summary>
    public void Read(T* target, long length) => View.SubView(0, length).CopyToCPU(accelerator.DefaultStream, ref *target, length);

    public void Dispose()
    {
        buffer?.Dispose();
        buffer = null;
    }
}
