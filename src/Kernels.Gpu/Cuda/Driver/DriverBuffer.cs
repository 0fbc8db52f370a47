using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>Memory of the device; an address is as wide as a handle, because .NET runs where pointers have 64 bits.</summary>
internal sealed class DriverBuffer(DriverHandle handle) : ICudaBuffer
{
    public ulong Address => (ulong)handle.Value;

    public void Dispose() => handle.Dispose();
}
