namespace Kernels.Reference;

/// <summary>
/// Native memory between two fences. It ends at a page boundary, so it starts on a 64-byte boundary only when its length is a multiple of
/// 64 bytes; the slack between the page before and its start is filled like a sentinel page.
/// </summary>
public sealed unsafe class FencedBuffer : IDisposable
{
    // NaN as float32, and both halves as bfloat16 and as float16.
    private const uint NaNs = 0x7FC07FC0;

    private readonly byte* memory;
    private readonly nuint mapped;
    private readonly byte* data;
    private readonly long before, after;
    private uint sentinel;
    private bool disposed;

    /// <summary>Allocates a buffer of zeros.</summary>
    /// <param name="bytes">Its length, a multiple of 2.</param>
    /// <param name="fence">The fence.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    /// <exception cref="OutOfMemoryException">Not enough memory.</exception>
    public FencedBuffer(long bytes, Fence fence = Fence.Sentinels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        int page = PageMemory.PageSize;
        nuint inner = ((nuint)bytes + (nuint)page - 1) / (nuint)page * (nuint)page;
        mapped = inner + 2 * (nuint)page;
        memory = fence == Fence.GuardPages ? PageMemory.Allocate(mapped) : PagePool.Take(mapped);
        byte* end = memory + page + inner;
        data = end - bytes;
        long slack = (long)inner - bytes;
        before = fence == Fence.Sentinels ? slack + page : slack;
        after = fence == Fence.Sentinels ? page : 0;
        if (fence == Fence.GuardPages)
        {
            PageMemory.Forbid(memory);
            PageMemory.Forbid(end);
        }
        FillFence(NaNs);
    }

    /// <summary>Frees the memory of a buffer that was not disposed.</summary>
    ~FencedBuffer() => Release();

    /// <summary>A buffer of float32 numbers.</summary>
    public static FencedBuffer OfFloats(long count, Fence fence = Fence.Sentinels) => new(sizeof(float) * count, fence);

    /// <summary>Length of the data.</summary>
    public long Bytes { get; }

    /// <summary>Address of the data.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public byte* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return data;
        }
    }

    /// <summary>The data as float32 numbers, which must be fewer than 2³¹.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<float> Floats => new(Start, checked((int)(Bytes / sizeof(float))));

    /// <summary>
    /// Writes one bit pattern into all memory around the data that can be accessed; the upper half of the pattern where only half a number
    /// fits.
    /// </summary>
    public void FillFence(uint pattern)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        sentinel = pattern;
        Fill(data - before, before, pattern);
        Fill(data + Bytes, after, pattern);
    }

    /// <summary>Writes one bit pattern into the data.</summary>
    public void Fill(uint pattern) => Fill(Start, Bytes, pattern);

    /// <summary>Whether the memory around the data is unchanged since <see cref="FillFence"/>.</summary>
    public bool FenceIntact()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return IsFilled(data - before, before) && IsFilled(data + Bytes, after);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    // Memory of an odd number of half-words begins with the upper half of a pattern.
    private static void Fill(byte* start, long bytes, uint pattern)
    {
        if (bytes % sizeof(uint) != 0)
        {
            *(ushort*)start = (ushort)(pattern >> 16);
            start += sizeof(ushort);
        }
        const int Most = 1 << 28;
        for (long words = bytes / sizeof(uint); words > 0; words -= Most, start += sizeof(uint) * (nint)Most)
            new Span<uint>(start, (int)Math.Min(Most, words)).Fill(pattern);
    }

    private bool IsFilled(byte* start, long bytes)
    {
        if (bytes % sizeof(uint) != 0)
        {
            if (*(ushort*)start != (ushort)(sentinel >> 16))
                return false;
            start += sizeof(ushort);
        }
        return !new Span<uint>(start, (int)(bytes / sizeof(uint))).ContainsAnyExcept(sentinel);
    }

    private void Release()
    {
        if (disposed || memory is null)
            return;
        disposed = true;
        if (after == 0)
            PageMemory.Free(memory, mapped);
        else
            PagePool.Return(memory, mapped);
    }
}
