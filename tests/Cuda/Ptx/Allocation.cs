using System.Runtime.InteropServices;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// One piece of global memory. Blocks run in no order, so within one launch every byte may be written by one thread only, and read after that
/// by no other.
/// </summary>
internal sealed class Allocation(ulong address, byte[] content, bool writable)
{
    // Two bytes are the least that a kernel writes; 0 is nobody.
    private const int Grain = 2;
    private readonly long[] writers = new long[writable ? content.Length / Grain + 1 : 0];

    public ulong Address { get; } = address;

    public int Length => content.Length;

    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(content);

    public ReadOnlySpan<Half> Halves => MemoryMarshal.Cast<byte, Half>(content);

    public void Settle() => Array.Clear(writers);

    public ReadOnlySpan<byte> Read(int line, long thread, ulong at, int bytes)
    {
        int begin = (int)(at - Address);
        for (int grain = begin / Grain; writable && grain < (begin + bytes) / Grain; grain++)
        {
            if (writers[grain] != 0 && writers[grain] != thread + 1)
                throw Race(line, thread, "reads", begin, writers[grain]);
        }
        return content.AsSpan(begin, bytes);
    }

    public Span<byte> Write(int line, long thread, ulong at, int bytes)
    {
        int begin = (int)(at - Address);
        if (!writable)
            throw new PtxException(PtxComplaint.OutOfBounds, line, $"a write to an input at global address 0x{at:x}");
        for (int grain = begin / Grain; grain < (begin + bytes) / Grain; grain++)
        {
            if (writers[grain] != 0 && writers[grain] != thread + 1)
                throw Race(line, thread, "writes", begin, writers[grain]);
            writers[grain] = thread + 1;
        }
        return content.AsSpan(begin, bytes);
    }

    private static PtxException Race(int line, long thread, string does, int at, long writer) =>
        new(PtxComplaint.Race, line, $"thread {thread} of the grid {does} byte {at} of an output that thread {writer - 1} wrote");
}
