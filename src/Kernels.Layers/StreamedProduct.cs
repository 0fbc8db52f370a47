using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// sums = x·W for a few rows, bound by reading W: eight rows of W are read side by side, contiguous columns of each, which is what a hardware prefetcher
/// follows; a register tile would read 256 bytes of a row and go on to the next, kilobytes away. The sums stay in the first-level cache.
/// </summary>
internal unsafe struct StreamedProduct : IVectorKernel
{
    /// <summary>The most rows of x: with more, the reads of W from the cache for each row cost more than those from memory.</summary>
    public const int MostRows = 4;

    /// <summary>Columns at a time: a page of each row of W in bfloat16, two in float32, and 8 KB of sums a row. With fewer, prefetchers stop too often.</summary>
    public const int Columns = 2048;

    private const int Together = 8;

    /// <summary>[rows, depth].</summary>
    public required float* X { get; init; }

    /// <summary>At most <see cref="MostRows"/>.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of x.</summary>
    public required int Depth { get; init; }

    /// <summary>[depth, width], from the first column.</summary>
    public required void* W { get; init; }

    /// <summary>Float32 or bfloat16.</summary>
    public required Element Element { get; init; }

    /// <summary>Columns of the whole matrix.</summary>
    public required nint Width { get; init; }

    /// <summary>Columns to compute, at most <see cref="Columns"/>.</summary>
    public required int Count { get; init; }

    /// <summary>[rows, <see cref="Columns"/>].</summary>
    public required float* Sums { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        if (Element == Element.BFloat16)
            Stream<TSimd, TVector, StoredBFloat16>();
        else
            Stream<TSimd, TVector, StoredFloat32>();
    }

    private readonly void Stream<TSimd, TVector, TStored>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TStored : unmanaged, IStored<TStored>
    {
        new Span<float>(Sums, Rows * Columns).Clear();
        int i = 0;
        for (; i <= Depth - Together; i += Together)
            for (int row = 0; row < Rows; row++)
                Add<TSimd, TVector, TStored>(i, X + (nint)row * Depth + i, Sums + row * Columns);
        for (; i < Depth; i++)
            for (int row = 0; row < Rows; row++)
                AddOne(i, X[(nint)row * Depth + i], Sums + row * Columns);
    }

    private readonly void Add<TSimd, TVector, TStored>(nint first, float* x, float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
        where TStored : unmanaged, IStored<TStored>
    {
        int c = 0;
        nint stride = Width;
        TStored* w = (TStored*)W + first * stride;
        TVector x0 = TSimd.Create(x[0]), x1 = TSimd.Create(x[1]), x2 = TSimd.Create(x[2]), x3 = TSimd.Create(x[3]);
        TVector x4 = TSimd.Create(x[4]), x5 = TSimd.Create(x[5]), x6 = TSimd.Create(x[6]), x7 = TSimd.Create(x[7]);
        for (; c <= Count - TSimd.Width; c += TSimd.Width)
        {
            TStored* at = w + c;
            // The same line of the rows that come next: hardware prefetchers end with each page, which is all that is read of a row in bfloat16.
            for (int i = 0; sizeof(TStored) < sizeof(float) && c % (CacheLine.Bytes / sizeof(TStored)) == 0 && i < Together; i++)
                Prefetch.OneLine(at + (Together + i) * stride);
            // Two chains of four, because one of eight waits for the latency of each.
            TVector even = TSimd.MultiplyAdd(x0, TStored.Load<TSimd, TVector>(at), TSimd.Load(sums + c));
            TVector odd = TSimd.Multiply(x1, TStored.Load<TSimd, TVector>(at + stride));
            even = TSimd.MultiplyAdd(x2, TStored.Load<TSimd, TVector>(at + 2 * stride), even);
            odd = TSimd.MultiplyAdd(x3, TStored.Load<TSimd, TVector>(at + 3 * stride), odd);
            even = TSimd.MultiplyAdd(x4, TStored.Load<TSimd, TVector>(at + 4 * stride), even);
            odd = TSimd.MultiplyAdd(x5, TStored.Load<TSimd, TVector>(at + 5 * stride), odd);
            even = TSimd.MultiplyAdd(x6, TStored.Load<TSimd, TVector>(at + 6 * stride), even);
            odd = TSimd.MultiplyAdd(x7, TStored.Load<TSimd, TVector>(at + 7 * stride), odd);
            TSimd.Store(TSimd.Add(even, odd), sums + c);
        }
        for (; c < Count; c++)
            for (int i = 0; i < Together; i++)
                sums[c] += x[i] * One(first + i, c);
    }

    private readonly void AddOne(nint step, float x, float* sums)
    {
        for (int c = 0; c < Count; c++)
            sums[c] += x * One(step, c);
    }

    private readonly float One(nint step, int column) => Element == Element.BFloat16
        ? BitConverter.UInt32BitsToSingle((uint)((ushort*)W)[step * Width + column] << 16)
        : ((float*)W)[step * Width + column];
}
