namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// The shared memory of one block, with what is needed to find races: two accesses to the same four bytes by different threads, one of them a
/// write, need a barrier of the block between them. An asynchronous copy is a write of its thread, from its issue to the wait for it: until
/// then nobody may touch the bytes, and from then on the others need a barrier.
/// </summary>
/// <param name="bytes">How much there is.</param>
/// <param name="alignment">What the address of its first byte is known to be a multiple of.</param>
internal sealed class SharedMemory(int bytes, int alignment)
{
    private const int Grain = 4;
    private const int Nobody = -1, Many = -2, MostThreads = 1024, ProductAlignment = 1024;

    private readonly byte[] content = new byte[bytes];
    private readonly Word[] words = NewWords(bytes / Grain);

    // When each thread last showed tensor cores what it had written, and the same before the last barrier.
    private readonly long[] shown = new long[MostThreads], shownToAll = new long[MostThreads];
    private long now;

    /// <summary>Barriers that all threads have passed.</summary>
    public int Barriers { get; private set; }

    /// <summary>All threads have met: what was done before is seen by all.</summary>
    public void PassBarrier()
    {
        Barriers++;
        shown.CopyTo(shownToAll, 0);
    }

    /// <summary>A thread executes the fence after which tensor cores may read what it wrote before.</summary>
    public void Show(int thread) => shown[thread] = now;

    public ReadOnlySpan<byte> Read(int line, int thread, ulong address, int length)
    {
        foreach (ref Word word in Words(line, address, length))
        {
            RequireSettled(line, in word, address);
            if (!word.Written)
                throw new PtxException(PtxComplaint.Uninitialised, line, $"thread {thread} reads shared address {address}, where nothing was written");
            if (word.Writer != thread && word.WrittenAt == Barriers)
                throw Race(line, address, $"thread {thread} reads what thread {word.Writer} wrote");
            if (word.ReadAt == Barriers && word.Reader != thread)
                word.Reader = Many;
            else
                (word.Reader, word.ReadAt) = (thread, Barriers);
        }
        return content.AsSpan((int)address, length);
    }

    public Span<byte> Write(int line, int thread, ulong address, int length)
    {
        now++;
        foreach (ref Word word in Words(line, address, length))
        {
            RequireOwn(line, thread, in word, address);
            (word.Written, word.Writer, word.WrittenAt, word.WrittenTime) = (true, thread, Barriers, now);
        }
        return content.AsSpan((int)address, length);
    }

    /// <summary>An asynchronous copy to these bytes begins.</summary>
    public void BeginCopy(int line, int thread, ulong address, int length)
    {
        foreach (ref Word word in Words(line, address, length))
        {
            RequireOwn(line, thread, in word, address);
            word.InFlight = true;
        }
    }

    /// <summary>An asynchronous copy was waited for: its bytes are there, for the thread that waited.</summary>
    public void EndCopy(int line, int thread, ulong address, ReadOnlySpan<byte> copied)
    {
        foreach (ref Word word in Words(line, address, copied.Length))
            word.InFlight = false;
        copied.CopyTo(Write(line, thread, address, copied.Length));
    }

    /// <summary>
    /// A warp starts a product that reads 16 bytes. Another thread must have written them, shown them to tensor cores and met this one, in this order.
    /// </summary>
    public void BeginProduct(int line, int address)
    {
        if (alignment < ProductAlignment)
            throw new PtxException(PtxComplaint.Misaligned, line, $"where the swizzle begins in memory that is aligned to {alignment} bytes is not known");
        foreach (ref Word word in Words(line, (ulong)address, MatrixDescriptor.ChunkBytes))
        {
            RequireSettled(line, in word, (ulong)address);
            if (!word.Written)
                throw new PtxException(PtxComplaint.Uninitialised, line, $"a product reads shared address {address}, where nothing was written");
            if (word.WrittenAt == Barriers)
                throw Race(line, (ulong)address, $"a product reads what thread {word.Writer} wrote");
            if (word.WrittenTime > shownToAll[word.Writer])
                throw new PtxException(
                    PtxComplaint.Unfenced, line, $"a product reads shared address {address}, which thread {word.Writer} did not show to tensor cores");
            word.Products++;
        }
    }

    /// <summary>A warp has waited for such a product: for itself, so that all need a barrier before they write there.</summary>
    public ReadOnlySpan<byte> EndProduct(int line, int address)
    {
        foreach (ref Word word in Words(line, (ulong)address, MatrixDescriptor.ChunkBytes))
        {
            word.Products--;
            (word.Reader, word.ReadAt) = (Many, Barriers);
        }
        return content.AsSpan(address, MatrixDescriptor.ChunkBytes);
    }

    private void RequireOwn(int line, int thread, in Word word, ulong address)
    {
        RequireSettled(line, in word, address);
        if (word.Products > 0)
            throw Race(line, address, $"thread {thread} writes over what a product still reads");
        if (word.Written && word.Writer != thread && word.WrittenAt == Barriers)
            throw Race(line, address, $"thread {thread} writes over what thread {word.Writer} wrote");
        if (word.ReadAt == Barriers && word.Reader != thread)
            throw Race(line, address, $"thread {thread} writes over what {(word.Reader == Many ? "others read" : $"thread {word.Reader} reads")}");
    }

    private static void RequireSettled(int line, in Word word, ulong address)
    {
        if (word.InFlight)
            throw new PtxException(PtxComplaint.InFlight, line, $"an asynchronous copy to shared address {address} was not waited for");
    }

    private Span<Word> Words(int line, ulong address, int length)
    {
        if (address % (ulong)length != 0 || length > alignment)
            throw new PtxException(PtxComplaint.Misaligned, line, $"{length} bytes at shared address {address}");
        if (address > (ulong)content.Length || address + (ulong)length > (ulong)content.Length)
            throw new PtxException(PtxComplaint.OutOfBounds, line, $"{length} bytes at shared address {address} of {content.Length}");
        return words.AsSpan((int)address / Grain, length / Grain);
    }

    private static PtxException Race(int line, ulong address, string what) =>
        new(PtxComplaint.Race, line, $"{what} at shared address {address}, with no barrier between");

    private static Word[] NewWords(int count)
    {
        var fresh = new Word[count];
        Array.Fill(fresh, new() { Writer = Nobody, Reader = Nobody, WrittenAt = -1, ReadAt = -1 });
        return fresh;
    }

    /// <summary>Who touched four bytes last, and how many barriers had passed.</summary>
    private struct Word
    {
        public int Writer, WrittenAt, Reader, ReadAt, Products;
        public long WrittenTime;
        public bool Written, InFlight;
    }
}
