using System.Collections.Concurrent;

namespace Kernels.Reference;

/// <summary>
/// Memory of small buffers that were freed, for the next buffers of the same size: the gate allocates equal buffers for each kernel, and
/// page faults cost more than clearing.
/// </summary>
internal static unsafe class PagePool
{
    private const nuint MostBytes = 4 << 20;
    private const int MostOfASize = 16;

    private static readonly ConcurrentDictionary<nuint, ConcurrentBag<nint>> free = new();

    /// <summary>Zeroed, readable and writable memory of whole pages.</summary>
    /// <exception cref="OutOfMemoryException">Not enough memory.</exception>
    public static byte* Take(nuint bytes)
    {
        if (!free.TryGetValue(bytes, out ConcurrentBag<nint>? known) || !known.TryTake(out nint memory))
            return PageMemory.Allocate(bytes);
        new Span<byte>((byte*)memory, (int)bytes).Clear();
        return (byte*)memory;
    }

    /// <summary>Takes memory back all of whose pages are accessible.</summary>
    public static void Return(byte* memory, nuint bytes)
    {
        ConcurrentBag<nint>? known = bytes <= MostBytes ? free.GetOrAdd(bytes, _ => []) : null;
        if (known is { Count: < MostOfASize })
            known.Add((nint)memory);
        else
            PageMemory.Free(memory, bytes);
    }
}
