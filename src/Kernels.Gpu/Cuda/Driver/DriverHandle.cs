using System.Runtime.InteropServices;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>
/// One object of the driver, released once: by <see cref="SafeHandle.Dispose()"/>, or by the finaliser after an exception. An object within
/// a context keeps the context alive and is released in it.
/// </summary>
internal sealed unsafe class DriverHandle : SafeHandle
{
    private readonly DriverLibrary library;
    private readonly delegate* unmanaged<nint, int> release;
    private readonly DriverHandle? context;
    private readonly nint releaseArgument;

    /// <param name="library">The library that created it.</param>
    /// <param name="value">The driver's handle.</param>
    /// <param name="release">Releases it.</param>
    /// <param name="context">The context that it is in; null for the context itself.</param>
    /// <param name="releaseArgument">Argument of <paramref name="release"/>; the handle when null.</param>
    public DriverHandle(
        DriverLibrary library, nint value, delegate* unmanaged<nint, int> release, DriverHandle? context, nint? releaseArgument = null)
        : base(0, ownsHandle: true)
    {
        (this.library, this.context) = (library, context);
        this.release = release;
        this.releaseArgument = releaseArgument ?? value;
        SetHandle(value);
        bool added = false;
        context?.DangerousAddRef(ref added);
        Interlocked.Increment(ref library.LiveHandles);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The driver's handle; valid until disposal.</summary>
    public nint Value => IsClosed ? throw new ObjectDisposedException(nameof(DriverHandle)) : handle;

    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref library.LiveHandles);
        bool released = (context is null || library.CtxSetCurrent(context.handle) == DriverError.Success)
            & release(releaseArgument) == DriverError.Success;
        context?.DangerousRelease();
        return released;
    }
}
