using System.Runtime.InteropServices;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// One object of the driver, released once: by <see cref="SafeHandle.Dispose()"/>, or by the finaliser where an exception left it behind.
/// </summary>
internal sealed unsafe class OpenClHandle : SafeHandle
{
    private static int live;
    private readonly delegate* unmanaged<nint, int> release;

    public OpenClHandle(nint handle, delegate* unmanaged<nint, int> release)
        : base(0, ownsHandle: true)
    {
        this.release = release;
        SetHandle(handle);
        Interlocked.Increment(ref live);
    }

    /// <summary>Objects that exist in this process.</summary>
    public static int Live => Volatile.Read(ref live);

    public override bool IsInvalid => handle == 0;

    /// <summary>What the driver calls the object; valid until disposal.</summary>
    public nint Value => IsClosed ? throw new ObjectDisposedException(nameof(OpenClHandle)) : handle;

    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref live);
        return release(handle) == OpenClError.Success;
    }
}
