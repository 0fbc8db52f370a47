using System.Runtime.InteropServices;

namespace Kernels.Abstractions;

/// <summary>
/// On which processor the calling thread runs. Linux likes to wake a thread where its waker runs, and may leave both there for
/// milliseconds while other processors idle. Elsewhere nothing is known and nothing is done.
/// </summary>
public static unsafe partial class ProcessorPlacement
{
    /// <summary>What <see cref="Current"/> says where it is not known.</summary>
    public const int Unknown = -1;

    // Words of the C library's cpu_set_t: 1024 processors.
    private const int MaskWords = 16, BitsPerWord = 64;

    /// <summary>The number of the processor; it may be another one a moment later.</summary>
    public static int Current() => OperatingSystem.IsLinux() ? ProcessorNumber() : Unknown;

    /// <summary>Moves the calling thread to another of the processors that it may use, if there is one, and leaves it free to move on.</summary>
    public static void Leave(int processor)
    {
        ulong* allowed = stackalloc ulong[MaskWords], others = stackalloc ulong[MaskWords];
        const int Bytes = MaskWords * sizeof(ulong);
        if (processor < 0 || processor >= MaskWords * BitsPerWord || GetAffinity(0, Bytes, allowed) < 0)
            return;
        new ReadOnlySpan<ulong>(allowed, MaskWords).CopyTo(new Span<ulong>(others, MaskWords));
        others[processor / BitsPerWord] &= ~(1UL << (processor % BitsPerWord));
        // Without any other the first call is refused, and the second changes nothing.
        _ = SetAffinity(0, Bytes, others);
        _ = SetAffinity(0, Bytes, allowed);
    }

    // Neither blocks, and the first is called for every piece of work.
    [LibraryImport("libc", EntryPoint = "sched_getcpu"), SuppressGCTransition]
    private static partial int ProcessorNumber();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, ulong* mask);
}
