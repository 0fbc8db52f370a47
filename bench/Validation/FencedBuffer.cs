namespace Kernels.Bench.Validation;

/// <summary>
/// Native float32 memory between two fences. It ends exactly where the page after it begins, so it starts on a 64-byte boundary when its
/// length is a multiple of 16 and on an awkward one when it is not; between the page before and its start lies slack, filled like a
/// sentinel page.
/// </summary>
public sealed unsafe class FencedBuffer : IDisposable
{
    private readonly byte* memory;
    private readonly nuint bytes;
    private readonly int before, after;
    private readonly float* data;
    private readonly int length;
    private uint sentinel;
    private bool disposed;

    /// <summary>Allocates a buffer of zeros.</summary>
    /// <param name="length">Floats, 0 … 2³¹−1.</param>
    /// <param name="fence">What lies around it.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than one span can hold, or negative.</exception>
    /// <exception cref="OutOfMemoryException">The system has not as much.</exception>
    public FencedBuffer(long length, Fence fence = Fence.Sentinels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, int.MaxValue);
        this.length = (int)length;
        int page = PageMemory.PageSize;
        nuint dataBytes = (nuint)length * sizeof(float);
        nuint inner = (dataBytes + (nuint)page - 1) / (nuint)page * (nuint)page;
        bytes = inner + 2 * (nuint)page;
        memory = PageMemory.Allocate(bytes);
        byte* end = memory + page + inner;
        data = (float*)(end - dataBytes);
        int slack = (int)(inner - dataBytes) / sizeof(float), pageFloats = page / sizeof(float);
        before = fence == Fence.Sentinels ? slack + pageFloats : slack;
        after = fence == Fence.Sentinels ? pageFloats : 0;
        if (fence == Fence.GuardPages)
        {
            PageMemory.Forbid(memory);
            PageMemory.Forbid(end);
        }
        FillFence(BitConverter.SingleToUInt32Bits(float.NaN));
    }

    /// <summary>Returns the memory of a buffer that nobody disposed.</summary>
    ~FencedBuffer() => Release();

    /// <summary>The floats.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<float> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return new(data, length);
        }
    }

    private Span<uint> Before => new((uint*)data - before, before);

    private Span<uint> After => new((uint*)data + length, after);

    /// <summary>Writes one bit pattern into all memory around the data that can be accessed.</summary>
    public void FillFence(uint pattern)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        sentinel = pattern;
        Before.Fill(pattern);
        After.Fill(pattern);
    }

    /// <summary>Whether nobody wrote around the data since <see cref="FillFence"/>.</summary>
    public bool FenceIntact()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return !Before.ContainsAnyExcept(sentinel) && !After.ContainsAnyExcept(sentinel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (disposed || memory is null)
            return;
        disposed = true;
        PageMemory.Free(memory, bytes);
    }
}
