namespace Kernels.Gpu.Cuda.Host;

/// <summary>
/// The functions of a CUDA driver that the kernels need: one context and one in-order stream on one device. The project's own binding and
/// ManagedCuda (where built in) implement it, so that kernels and tests are the same for both. One thread at a time.
/// </summary>
internal unsafe interface ICudaHost : IDisposable
{
    /// <summary>The device that the context is on.</summary>
    CudaDevice Device { get; }

    /// <summary>Makes the context current on the calling thread; called first in every call.</summary>
    void Enter();

    /// <summary>Allocates device memory, with arbitrary contents.</summary>
    /// <exception cref="CudaException">The device has not enough memory.</exception>
    ICudaBuffer Allocate(long bytes);

    /// <summary>Loads machine code, or PTX text that ends with a zero and that the driver compiles.</summary>
    /// <exception cref="CudaException">The driver rejects it; the message contains the compiler's log.</exception>
    ICudaModule Load(byte[] image);

    /// <summary>Creates an event, whose device time can be recorded.</summary>
    ICudaEvent CreateEvent();

    /// <summary>Enqueues a copy; <paramref name="source"/> must stay valid until <see cref="Synchronize"/> returns.</summary>
    void Upload(ICudaBuffer target, void* source, long bytes);

    /// <summary>Enqueues a copy; <paramref name="target"/> is complete when <see cref="Synchronize"/> returns.</summary>
    void Download(void* target, ICudaBuffer source, long bytes);

    /// <summary>Enqueues a copy within the device.</summary>
    void Copy(ICudaBuffer target, ICudaBuffer source, long bytes);

    /// <summary>Enqueues clearing the buffer to zeros.</summary>
    void Clear(ICudaBuffer target, long bytes);

    /// <summary>Waits for the stream.</summary>
    /// <exception cref="CudaException">A command in it failed.</exception>
    void Synchronize();
}

/// <summary>Memory of the device.</summary>
internal interface ICudaBuffer : IDisposable
{
    /// <summary>The device address.</summary>
    ulong Address { get; }
}

/// <summary>Code on the device.</summary>
internal interface ICudaModule : IDisposable
{
    /// <summary>Returns one of its kernels.</summary>
    /// <param name="name">Name of the entry.</param>
    /// <param name="sharedBytes">Dynamic shared memory of each launch.</param>
    /// <exception cref="CudaException">There is no such kernel, or not enough shared memory.</exception>
    ICudaFunction Function(string name, int sharedBytes);
}

/// <summary>A kernel on the device.</summary>
internal interface ICudaFunction
{
    /// <summary>Enqueues a launch.</summary>
    /// <param name="grid">Blocks in each dimension.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="arguments">Addresses of the arguments; their values are copied before this returns.</param>
    void Launch((int X, int Y, int Z) grid, int threads, ReadOnlySpan<nint> arguments);
}

/// <summary>An event in the stream.</summary>
internal interface ICudaEvent : IDisposable
{
    /// <summary>Enqueues the event.</summary>
    void Record();

    /// <summary>Device time from <paramref name="begin"/> to this event, both completed.</summary>
    double NanosecondsSince(ICudaEvent begin);
}
