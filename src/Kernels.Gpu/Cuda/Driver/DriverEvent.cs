using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>A point in the stream of a <see cref="DriverHost"/>.</summary>
internal sealed unsafe class DriverEvent(DriverLibrary library, DriverHandle handle, DriverHost host) : ICudaEvent
{
    public void Record() => library.ThrowIfFailed(library.EventRecord(handle.Value, host.Stream), "cuEventRecord");

    public double NanosecondsSince(ICudaEvent begin)
    {
        float milliseconds;
        library.ThrowIfFailed(library.EventSynchronize(handle.Value), "cuEventSynchronize");
        library.ThrowIfFailed(
            library.EventElapsedTime(&milliseconds, ((DriverEvent)begin).Handle, handle.Value), "cuEventElapsedTime");
        return milliseconds * 1e6;
    }

    public void Dispose() => handle.Dispose();

    private nint Handle => handle.Value;
}
