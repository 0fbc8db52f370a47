using System.Runtime.InteropServices;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// One piece of global memory. Blocks run in no order, so within one launch every byte may be written by one thread only, and read after that
/// by no other. What others read before it is written needs a meeting between: of the lanes of a warp, or of the threads of a block.
/// </summary>
internal sealed class Allocation(ulong address, byte[] content, bool writable)
{
    // Two bytes are the least that a kernel writes.
    private const int Grain = 2;
    private readonly Touched[] grains = new Touched[writable ? content.Length / Grain + 1 : 0];

    public ulong Address { get; } = address;

    public int Length => content.Length;

    public ReadOnlySpan<float> Floats => MemoryMarshal.Cast<byte, float>(content);

    public ReadOnlySpan<Half> Halves => MemoryMarshal.Cast<byte, Half>(content);

    public void Settle() => Array.Clear(grains);

    public ReadOnlySpan<byte> Read(int line, GridThread thread, ulong at, int bytes)
    {
        int begin = (int)(at - Address);
        if (writable)
        {
            foreach (ref Touched grain in Grains(begin, bytes))
            {
                RequireOwn(line, thread, "reads", begin, grain);
                grain.Readers = grain.Readers.With(thread);
            }
        }
        return content.AsSpan(begin, bytes);
    }

    public Span<byte> Write(int line, GridThread thread, ulong at, int bytes)
    {
        int begin = (int)(at - Address);
        if (!writable)
            throw new PtxException(PtxComplaint.OutOfBounds, line, $"a write to an input at global address 0x{at:x}");
        foreach (ref Touched grain in Grains(begin, bytes))
        {
            RequireOwn(line, thread, "writes", begin, grain);
            if (!grain.Readers.AreBefore(thread))
                throw Race(line, thread, "writes", begin, $"others in its {grain.Readers.Scope} read, with no barrier between");
            (grain.Written, grain.Writer) = (true, thread.Number);
        }
        return content.AsSpan(begin, bytes);
    }

    private Span<Touched> Grains(int begin, int bytes) => grains.AsSpan(begin / Grain, bytes / Grain);

    private static void RequireOwn(int line, GridThread thread, string does, int at, in Touched grain)
    {
        if (grain.Written && grain.Writer != thread.Number)
            throw Race(line, thread, does, at, $"thread {grain.Writer} wrote");
    }

    private static PtxException Race(int line, GridThread thread, string does, int at, string others) =>
        new(PtxComplaint.Race, line, $"thread {thread.Number} of the grid {does} byte {at} of an output that {others}");

    /// <summary>Who wrote two bytes in this launch, and who read them.</summary>
    private struct Touched
    {
        public bool Written;
        public long Writer;
        public Readers Readers;
    }
}
