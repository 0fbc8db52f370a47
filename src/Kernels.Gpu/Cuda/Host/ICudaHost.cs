namespace Kernels.Gpu.Cuda.Host;

/// <summary>
/// What the kernels need of a CUDA driver: one context and one in-order stream on one device. The project's own binding implements it,
/// and ManagedCuda where it is built in, so that kernels, launch geometry and tests are the same for both. One thread at a time.
/// </summary>
internal unsafe interface ICudaHost : IDisposable
{
    /// <summary>The device that the context is on.</summary>
    CudaDevice Device { get; }

    /// <summary>Makes the context that of the calling thread; before anything else of a call.</summary>
    void Enter();

    /// <summary>Memory of the device, with arbitrary contents.</summary>
    /// <exception cref="CudaException">There is not enough.</exception>
    ICudaBuffer Allocate(long bytes);

    /// <summary>Loads machine code, or PTX text that ends with a zero and that the driver compiles.</summary>
    /// <exception cref="CudaException">The driver rejects it; the message has the compiler's log.</exception>
    ICudaModule Load(byte[] image);

    /// <summary>A point in the stream whose time the device notes.</summary>
    ICudaEvent CreateEvent();

    /// <summary>Puts a copy into the stream; <paramref name="source"/> must stay until <see cref="Synchronize"/> returned.</summary>
    void Upload(ICudaBuffer target, void* source, long bytes);

    /// <summary>Puts a copy into the stream; <paramref name="target"/> is written when <see cref="Synchronize"/> returned.</summary>
    void Download(void* target, ICudaBuffer source, long bytes);

    /// <summary>Puts a copy within the device into the stream.</summary>
    void Copy(ICudaBuffer target, ICudaBuffer source, long bytes);

    /// <summary>Puts zeros into the buffer, in the stream.</summary>
    void Clear(ICudaBuffer target, long bytes);

    /// <summary>Waits for everything in the stream.</summary>
    /// <exception cref="CudaException">Something in it failed.</exception>
    void Synchronize();
}

/// <summary>Memory of the device.</summary>
internal interface ICudaBuffer : IDisposable
{
    /// <summary>Where it begins, as kernels take it.</summary>
    ulong Address { get; }
}

/// <summary>Code on the device.</summary>
internal interface ICudaModule : IDisposable
{
    /// <summary>One of its kernels.</summary>
    /// <param name="name">Name of the entry.</param>
    /// <param name="sharedBytes">Shared memory that each launch gets.</param>
    /// <exception cref="CudaException">There is no such kernel, or the device has less shared memory.</exception>
    ICudaFunction Function(string name, int sharedBytes);
}

/// <summary>A kernel on the device.</summary>
internal interface ICudaFunction
{
    /// <summary>Puts a launch into the stream.</summary>
    /// <param name="grid">Blocks in each dimension.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="arguments">Addresses of the arguments; their values are taken before this returns.</param>
    void Launch((int X, int Y, int Z) grid, int threads, ReadOnlySpan<nint> arguments);
}

/// <summary>A point in the stream.</summary>
internal interface ICudaEvent : IDisposable
{
    /// <summary>Puts the point into the stream.</summary>
    void Record();

    /// <summary>Device time from <paramref name="begin"/> to this point, both passed.</summary>
    double NanosecondsSince(ICudaEvent begin);
}
