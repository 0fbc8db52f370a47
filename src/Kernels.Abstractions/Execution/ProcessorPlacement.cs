using System.Runtime.InteropServices;

namespace Kernels.Abstractions;

/// <summary>
/// The processor that the calling thread runs on. Linux may wake a thread on its waker's processor and keep both there for
/// milliseconds while other processors idle. On other systems the processor is unknown and these methods do nothing.
/// </summary>
public static unsafe partial class ProcessorPlacement
{
    /// <summary>Result of <see cref="Current"/> where the processor is unknown.</summary>
    public const int Unknown = -1;

    // Words of the C library's cpu_set_t: 1024 processors.
    private const int MaskWords = 16, BitsPerWord = 64;

    /// <summary>Number of the current processor; the thread may move at any time.</summary>
    public static int Current() => OperatingSystem.IsLinux() ? ProcessorNumber() : Unknown;

    /// <summary>Moves the calling thread to another processor of its affinity mask, if there is one, then restores the mask.</summary>
    public static void Leave(int processor)
    {
        ulong* allowed = stackalloc ulong[MaskWords], others = stackalloc ulong[MaskWords];
        const int Bytes = MaskWords * sizeof(ulong);
        if (processor < 0 || processor >= MaskWords * BitsPerWord || GetAffinity(0, Bytes, allowed) < 0)
            return;
        new ReadOnlySpan<ulong>(allowed, MaskWords).CopyTo(new Span<ulong>(others, MaskWords));
        others[processor / BitsPerWord] &= ~(1UL << (processor % BitsPerWord));
        // If no other processor is allowed, the first call fails and the second changes nothing.
        _ = SetAffinity(0, Bytes, others);
        _ = SetAffinity(0, Bytes, allowed);
    }

    /// <summary>Numbers of the processors that the calling thread may run on; empty where that is unknown.</summary>
    public static int[] Allowed()
    {
        ulong* allowed = stackalloc ulong[MaskWords];
        new Span<ulong>(allowed, MaskWords).Clear();
        if (!OperatingSystem.IsLinux() || GetAffinity(0, MaskWords * sizeof(ulong), allowed) < 0)
            return [];
        List<int> processors = [];
        for (int processor = 0; processor < MaskWords * BitsPerWord; processor++)
        {
            if ((allowed[processor / BitsPerWord] >> (processor % BitsPerWord) & 1) != 0)
                processors.Add(processor);
        }
        return [.. processors];
    }

    // Neither call blocks, and sched_getcpu runs once for each piece of work.
    [LibraryImport("libc", EntryPoint = "sched_getcpu"), SuppressGCTransition]
    private static partial int ProcessorNumber();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, ulong* mask);
}
