using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>Device memory; its address fits a handle, because pointers have 64 bits.</summary>
internal sealed class DriverBuffer(DriverHandle handle) : ICudaBuffer
{
    public ulong Address => (ulong)handle.Value;

    public void Dispose() => handle.Dispose();
}
