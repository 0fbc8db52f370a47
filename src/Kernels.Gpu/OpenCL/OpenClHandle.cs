using System.Runtime.InteropServices;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// One object of the driver, released once: by <see cref="SafeHandle.Dispose()"/>, or by the finaliser after an exception.
/// </summary>
internal sealed unsafe class OpenClHandle : SafeHandle
{
    private readonly OpenClLibrary library;
    private readonly delegate* unmanaged<nint, int> release;

    public OpenClHandle(OpenClLibrary library, nint handle, delegate* unmanaged<nint, int> release)
        : base(0, ownsHandle: true)
    {
        this.library = library;
        this.release = release;
        SetHandle(handle);
        Interlocked.Increment(ref library.LiveHandles);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The driver's handle; valid until disposal.</summary>
    public nint Value => IsClosed ? throw new ObjectDisposedException(nameof(OpenClHandle)) : handle;

    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref library.LiveHandles);
        return release(handle) == OpenClError.Success;
    }
}
