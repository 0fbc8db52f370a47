using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// Device memory that grows to the largest length requested and is kept, so that repeated calls allocate nothing. Contents are lost when it
/// grows.
/// </summary>
internal sealed class CudaMemory(ICudaHost host) : IDisposable
{
    private ICudaBuffer? buffer;
    private long capacity;

    /// <summary>The buffer that the last <see cref="Reserve"/> made.</summary>
    public ICudaBuffer Buffer => buffer ?? throw new InvalidOperationException("Nothing was reserved.");

    /// <summary>The device address.</summary>
    public ulong Address => Buffer.Address;

    /// <exception cref="CudaException">The device has not enough memory.</exception>
    public void Reserve(long bytes)
    {
        if (bytes <= capacity)
            return;
        Dispose();
        buffer = host.Allocate(bytes);
        capacity = bytes;
    }

    /// <summary>Enqueues a copy of host memory, which must stay valid until the stream is synchronised.</summary>
    public unsafe void Upload(void* source, long bytes)
    {
        Reserve(bytes);
        host.Upload(Buffer, source, bytes);
    }

    /// <summary>Releases the memory; it can grow again.</summary>
    public void Dispose()
    {
        buffer?.Dispose();
        buffer = null;
        capacity = 0;
    }
}
