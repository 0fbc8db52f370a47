namespace Kernels.Gpu.OpenCL;

/// <summary>
/// A context and an in-order queue on one device, and all objects created there. One call at a time uses it, under <see cref="Lock"/>.
/// </summary>
internal sealed unsafe class OpenClSession : IDisposable
{
    private const nint ContextPlatform = 0x1084;
    private const ulong WithProfiling = 2;

    private readonly OpenClHandle context, queue;
    private readonly Stack<IDisposable> owned = [];
    private bool disposed;

    /// <exception cref="OpenClException">The driver failed.</exception>
    public OpenClSession(OpenClLibrary library, OpenClDevice device)
    {
        (Library, Device) = (library, device);
        nint id = device.Id;
        int code;
        nint* properties = stackalloc nint[] { ContextPlatform, device.Platform, 0 };
        nint handle = library.CreateContext(properties, 1, &id, 0, 0, &code);
        OpenClException.ThrowIfFailed(code, "clCreateContext");
        context = Own(new OpenClHandle(library, handle, library.ReleaseContext));
        handle = library.CreateCommandQueue(context.Value, id, WithProfiling, &code);
        if (code != OpenClError.Success)
            context.Dispose();
        OpenClException.ThrowIfFailed(code, "clCreateCommandQueue");
        queue = Own(new OpenClHandle(library, handle, library.ReleaseCommandQueue));
        Tensors = new DeviceTensors(this);
        Clock = Own(new LaunchClock(library));
    }

    public OpenClLibrary Library { get; }

    public OpenClDevice Device { get; }

    /// <summary>Held during a call, because buffers and kernel arguments are shared.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The tensors of the call that holds the lock.</summary>
    public DeviceTensors Tensors { get; }

    /// <summary>Measures the device time of launches.</summary>
    public LaunchClock Clock { get; }

    public nint Context => context.Value;

    public nint Queue => queue.Value;

    /// <summary>Registers a resource to be released with the session, in reverse order.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        owned.Push(resource);
        return resource;
    }

    /// <summary>Waits for the queue. Errors of commands are reported by the calls that read their results.</summary>
    public void Finish() => Library.Finish(Queue);

    /// <summary>Releases everything on the device.</summary>
    public void Dispose()
    {
        lock (Lock)
        {
            if (disposed)
                return;
            disposed = true;
            while (owned.TryPop(out IDisposable? resource))
                resource.Dispose();
        }
    }
}
