using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Kernels.Reference;

/// <summary>Whole pages from the operating system, any of which can be made inaccessible.</summary>
internal static unsafe partial class PageMemory
{
    private const int NoAccess = 0, ReadWrite = 1 | 2, MapPrivate = 2, MapAnonymousLinux = 0x20, MapAnonymousElsewhere = 0x1000;
    private const int CommitReserve = 0x3000, Release = 0x8000, PageReadWrite = 4, PageNoAccess = 1;

    public static int PageSize { get; } = Environment.SystemPageSize;

    /// <summary>Zeroed, readable and writable memory of whole pages.</summary>
    /// <exception cref="OutOfMemoryException">Not enough memory.</exception>
    public static byte* Allocate(nuint bytes)
    {
        nint memory = OperatingSystem.IsWindows()
            ? VirtualAlloc(0, bytes, CommitReserve, PageReadWrite)
            : Map(0, bytes, ReadWrite, MapPrivate | (OperatingSystem.IsLinux() ? MapAnonymousLinux : MapAnonymousElsewhere), -1, 0);
        return memory is 0 or -1 ? throw new OutOfMemoryException($"No memory for a buffer of {bytes:N0} bytes.") : (byte*)memory;
    }

    /// <summary>Makes every access to one page fault.</summary>
    public static void Forbid(byte* page)
    {
        bool done = OperatingSystem.IsWindows()
            ? VirtualProtect((nint)page, (nuint)PageSize, PageNoAccess, out _)
            : Protect((nint)page, (nuint)PageSize, NoAccess) == 0;
        if (!done)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    public static void Free(byte* memory, nuint bytes)
    {
        bool done = OperatingSystem.IsWindows() ? VirtualFree((nint)memory, 0, Release) : Unmap((nint)memory, bytes) == 0;
        if (!done)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint bytes);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint VirtualAlloc(nint address, nuint bytes, int type, int protection);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualProtect(nint address, nuint bytes, int protection, out int old);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(nint address, nuint bytes, int type);
}
