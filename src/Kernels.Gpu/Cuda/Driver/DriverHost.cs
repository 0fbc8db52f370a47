using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>The project's own host: the device's primary context and a stream, through <see cref="DriverLibrary"/>.</summary>
internal sealed unsafe class DriverHost : ICudaHost
{
    private readonly DriverLibrary library;
    private readonly DriverHandle context, stream;

    /// <exception cref="CudaException">The driver failed.</exception>
    public DriverHost(DriverLibrary library, CudaDevice device)
    {
        (this.library, Device) = (library, device);
        int id = DriverDevices.Handle(library, device.Index);
        nint created;
        library.ThrowIfFailed(library.DevicePrimaryCtxRetain(&created, id), "cuDevicePrimaryCtxRetain");
        // Release functions take a handle; the device number fits one.
        var release = (delegate* unmanaged<nint, int>)library.DevicePrimaryCtxRelease;
        context = new DriverHandle(library, created, release, context: null, releaseArgument: id);
        try
        {
            Enter();
            // 1 is CU_STREAM_NON_BLOCKING: the stream waits for no other of the process.
            library.ThrowIfFailed(library.StreamCreate(&created, 1), "cuStreamCreate");
            stream = new DriverHandle(library, created, library.StreamDestroy, context);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    public CudaDevice Device { get; }

    /// <summary>The driver's handle of the stream.</summary>
    public nint Stream => stream.Value;

    public void Enter() => library.ThrowIfFailed(library.CtxSetCurrent(context.Value), "cuCtxSetCurrent");

    public ICudaBuffer Allocate(long bytes)
    {
        ulong address;
        library.ThrowIfFailed(library.MemAlloc(&address, (nuint)bytes), "cuMemAlloc", $"{bytes:N0} bytes");
        var release = (delegate* unmanaged<nint, int>)library.MemFree;
        return new DriverBuffer(new DriverHandle(library, (nint)address, release, context));
    }

    public ICudaModule Load(byte[] image) => DriverModule.Load(library, context, this, image);

    public ICudaEvent CreateEvent()
    {
        nint created;
        library.ThrowIfFailed(library.EventCreate(&created, 0), "cuEventCreate");
        return new DriverEvent(library, new DriverHandle(library, created, library.EventDestroy, context), this);
    }

    public void Upload(ICudaBuffer target, void* source, long bytes) =>
        library.ThrowIfFailed(library.MemcpyHtoDAsync(target.Address, source, (nuint)bytes, Stream), "cuMemcpyHtoDAsync");

    public void Download(void* target, ICudaBuffer source, long bytes) =>
        library.ThrowIfFailed(library.MemcpyDtoHAsync(target, source.Address, (nuint)bytes, Stream), "cuMemcpyDtoHAsync");

    public void Copy(ICudaBuffer target, ICudaBuffer source, long bytes) => library.ThrowIfFailed(
        library.MemcpyDtoDAsync(target.Address, source.Address, (nuint)bytes, Stream), "cuMemcpyDtoDAsync");

    public void Clear(ICudaBuffer target, long bytes) =>
        library.ThrowIfFailed(library.MemsetD8Async(target.Address, 0, (nuint)bytes, Stream), "cuMemsetD8Async");

    public void Synchronize() => library.ThrowIfFailed(library.StreamSynchronize(Stream), "cuStreamSynchronize");

    public void Dispose()
    {
        stream.Dispose();
        context.Dispose();
    }
}
