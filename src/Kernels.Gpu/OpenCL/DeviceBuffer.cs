namespace Kernels.Gpu.OpenCL;

/// <summary>
/// Device memory that grows to the largest length requested and is kept, so that repeated calls allocate nothing. Contents are lost when it
/// grows.
/// </summary>
internal sealed unsafe class DeviceBuffer : IDisposable
{
    private const ulong ReadWrite = 1;
    private const uint NonBlocking = 0, Blocking = 1;

    private readonly OpenClSession session;
    private OpenClHandle? handle;
    private long capacity;

    /// <summary>An empty buffer, which the session releases.</summary>
    public DeviceBuffer(OpenClSession session)
    {
        this.session = session;
        session.Own(this);
    }

    /// <summary>The driver's handle.</summary>
    public nint Value => handle?.Value ?? throw new ObjectDisposedException(nameof(DeviceBuffer));

    /// <exception cref="OpenClException">The device has not enough memory.</exception>
    public void Reserve(long bytes)
    {
        if (bytes <= capacity)
            return;
        Dispose();
        int code;
        nint created = session.Library.CreateBuffer(session.Context, ReadWrite, (nuint)bytes, null, &code);
        if (code != OpenClError.Success)
            throw new OpenClException("clCreateBuffer", code, $"{bytes:N0} bytes");
        handle = new OpenClHandle(session.Library, created, session.Library.ReleaseMemObject);
        capacity = bytes;
    }

    /// <summary>Enqueues a copy of <paramref name="data"/>, which must stay valid until a <see cref="Read"/> returns.</summary>
    public void Write(void* data, long bytes)
    {
        Reserve(bytes);
        OpenClException.ThrowIfFailed(
            session.Library.EnqueueWriteBuffer(session.Queue, Value, NonBlocking, 0, (nuint)bytes, data, 0, null, null),
            "clEnqueueWriteBuffer");
    }

    /// <summary>Copies to <paramref name="data"/> after all earlier commands of the queue, and waits for the copy.</summary>
    public void Read(void* data, long bytes) => OpenClException.ThrowIfFailed(
        session.Library.EnqueueReadBuffer(session.Queue, Value, Blocking, 0, (nuint)bytes, data, 0, null, null), "clEnqueueReadBuffer");

    /// <summary>Enqueues a copy of another buffer of the device.</summary>
    public void Copy(DeviceBuffer source, long bytes)
    {
        nint done = 0;
        OpenClException.ThrowIfFailed(
            session.Library.EnqueueCopyBuffer(
                session.Queue, source.Value, Value, 0, 0, (nuint)bytes, 0, null, session.Clock.IsRunning ? &done : null),
            "clEnqueueCopyBuffer");
        if (session.Clock.IsRunning)
            session.Clock.Add(done);
    }

    /// <summary>Releases the memory; the buffer can grow again.</summary>
    public void Dispose()
    {
        handle?.Dispose();
        handle = null;
        capacity = 0;
    }
}
