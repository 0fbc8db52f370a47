namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The memory of the device: allocations far apart, so that an access outside one is outside all.</summary>
internal sealed class GlobalMemory
{
    private const int GapBits = 36;

    private readonly List<Allocation> allocations = [];

    /// <summary>Memory that kernels only read.</summary>
    public Allocation Input(ReadOnlySpan<byte> content) => Add(new(Next(), content.ToArray(), writable: false));

    /// <summary>Memory that a kernel writes, filled with bytes that are NaN as float and as half.</summary>
    public Allocation Output(int bytes)
    {
        byte[] content = new byte[bytes];
        Array.Fill(content, byte.MaxValue);
        return Add(new(Next(), content, writable: true));
    }

    /// <summary>Memory that a kernel reads and writes.</summary>
    public Allocation Accumulated(ReadOnlySpan<byte> content) => Add(new(Next(), content.ToArray(), writable: true));

    /// <summary>What a kernel wrote is what the next one may read.</summary>
    public void EndLaunch()
    {
        foreach (Allocation allocation in allocations)
            allocation.Settle();
    }

    public ReadOnlySpan<byte> Read(int line, GridThread thread, ulong address, int bytes) => At(line, address, bytes).Read(line, thread, address, bytes);

    public Span<byte> Write(int line, GridThread thread, ulong address, int bytes) => At(line, address, bytes).Write(line, thread, address, bytes);

    private ulong Next() => (ulong)(allocations.Count + 1) << GapBits;

    private Allocation Add(Allocation allocation)
    {
        allocations.Add(allocation);
        return allocation;
    }

    private Allocation At(int line, ulong address, int bytes)
    {
        if (address % (ulong)bytes != 0)
            throw new PtxException(PtxComplaint.Misaligned, line, $"{bytes} bytes at global address 0x{address:x}");
        ulong index = (address >> GapBits) - 1;
        if (index < (ulong)allocations.Count && address - allocations[(int)index].Address + (ulong)bytes <= (ulong)allocations[(int)index].Length)
            return allocations[(int)index];
        throw new PtxException(PtxComplaint.OutOfBounds, line, $"{bytes} bytes at global address 0x{address:x}");
    }
}
