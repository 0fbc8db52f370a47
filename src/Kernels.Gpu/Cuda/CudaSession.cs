using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// A host on one device, the code loaded there, and all memory that kernels share. One call at a time uses it, under <see cref="Lock"/>.
/// </summary>
internal sealed class CudaSession : IDisposable
{
    private readonly ICudaHost host;
    private readonly Dictionary<CudaEntry, ICudaFunction> functions = [];
    private readonly Stack<IDisposable> owned = [];
    private ICudaModule? module;
    private bool disposed;

    /// <summary>Takes over <paramref name="host"/>; the code is loaded at the first use.</summary>
    public CudaSession(ICudaHost host, CudaProgram program)
    {
        (this.host, Program) = (host, program);
        Tensors = new CudaTensors(this);
    }

    /// <summary>The device.</summary>
    public CudaDevice Device => host.Device;

    /// <summary>The code, and where it comes from.</summary>
    public CudaProgram Program { get; }

    /// <summary>Held during a call, because buffers and the stream are shared.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The tensors of the call that holds the lock.</summary>
    public CudaTensors Tensors { get; }

    /// <summary>The host, with its context made current on the calling thread.</summary>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public ICudaHost Enter()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        host.Enter();
        return host;
    }

    /// <summary>Registers a resource to be released with the session, in reverse order.</summary>
    public T Own<T>(T resource)
        where T : IDisposable
    {
        owned.Push(resource);
        return resource;
    }

    /// <summary>Growing memory that is released with the session.</summary>
    public CudaMemory Memory() => Own(new CudaMemory(host));

    /// <summary>Enqueues a launch.</summary>
    /// <exception cref="CudaException">The code cannot be loaded, or the launch is refused.</exception>
    public void Launch(CudaEntry entry, (int X, int Y, int Z) grid, ReadOnlySpan<nint> arguments)
    {
        if (!functions.TryGetValue(entry, out ICudaFunction? function))
        {
            module ??= Own(host.Load(Program.Image));
            functions.Add(entry, function = module.Function(entry.Name, entry.SharedBytes));
        }
        function.Launch(grid, entry.Threads, arguments);
    }

    /// <summary>
    /// Runs <paramref name="work"/> under the lock; when it fails, waits until the device no longer touches the memory of the caller.
    /// </summary>
    public void Run(Action<ICudaHost> work)
    {
        lock (Lock)
        {
            ICudaHost current = Enter();
            try
            {
                work(current);
            }
            catch
            {
                Drain(current);
                throw;
            }
        }
    }

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
            host.Dispose();
        }
    }

    /// <summary>Waits for the stream, ignoring errors.</summary>
    public static void Drain(ICudaHost host)
    {
        try
        {
            host.Synchronize();
        }
        catch (CudaException)
        {
            // The first failure is reported to the caller.
        }
    }
}
