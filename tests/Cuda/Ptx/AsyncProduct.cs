namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// One wgmma.m64nNk16 as a warp started it: sums[64 × N] = left[64 × 16] · right[16 × N], or added to what they were. Of the sums, the warp has the
/// rows 16 w … 16 w + 15, in its registers as mma.m16n8k16 has them, and so of a left factor in registers.
/// </summary>
internal sealed class AsyncProduct
{
    private const int GroupRows = 64, WarpRows = 16, Depth = TensorCore.Depth, Eight = 8;

    private readonly int[] leftChunks = [], rightChunks;

    public AsyncProduct(int line, ulong? left, ulong right, bool transposed, int columns)
    {
        Line = line;
        (LeftBits, RightBits) = (left ?? 0, right);
        if (left is { } bits)
            leftChunks = Located(bits, false, GroupRows);
        rightChunks = Located(right, transposed, columns);
        Transposed = transposed;
    }

    public int Line { get; }

    public ulong LeftBits { get; }

    public ulong RightBits { get; }

    public bool Transposed { get; }

    public required HalfFormat Format { get; init; }

    public required bool Adds { get; init; }

    public required int[] Sums { get; init; }

    /// <summary>The left factor, when it is in registers.</summary>
    public required int[] LeftRegisters { get; init; }

    /// <summary>All registers that it uses.</summary>
    public IEnumerable<int> Registers => Sums.Concat(LeftRegisters);

    /// <summary>Addresses of the shared memory that it reads, 16 bytes each. Of the left factor all rows: which warp reads which is not said.</summary>
    public IEnumerable<int> Chunks => leftChunks.Concat(rightChunks);

    /// <summary>Computes the sums of one warp; <paramref name="read"/> is called for each of <see cref="Chunks"/> once.</summary>
    public void Compute(Warp warp, int warpOfGroup, Read read)
    {
        double[] left = new double[GroupRows * Depth], right = new double[rightChunks.Length * Eight];
        Gather(leftChunks, false, GroupRows, left, read);
        Gather(rightChunks, Transposed, rightChunks.Length / 2, right, read);
        Span<double> rows = LeftRegisters.Length == 0 ? left.AsSpan(warpOfGroup * WarpRows * Depth, WarpRows * Depth) : left.AsSpan(0, WarpRows * Depth);
        for (int i = 0; i < LeftRegisters.Length; i++)
        {
            for (int lane = 0; lane < Warp.Lanes; lane++)
            {
                ulong pair = warp.Register(LeftRegisters[i])[lane];
                int at = (lane / 4 + i % 2 * 8) * Depth + i / 2 * 8 + lane % 4 * 2;
                rows[at] = TensorCore.Number(Format, (ushort)pair);
                rows[at + 1] = TensorCore.Number(Format, (ushort)(pair >> 16));
            }
        }
        for (int i = 0; i < Sums.Length; i++)
        {
            Span<ulong> sums = warp.Register(Sums[i]);
            for (int lane = 0; lane < Warp.Lanes; lane++)
            {
                int row = lane / 4 + i % 4 / 2 * 8, column = i / 4 * 8 + lane % 4 * 2 + i % 2;
                float start = Adds ? Bits.Float(sums[lane]) : 0;
                sums[lane] = Bits.Of(TensorCore.Sum(rows[(row * Depth)..], right.AsSpan(column * Depth), start));
            }
        }
    }

    /// <summary>Reads 16 bytes.</summary>
    public delegate ReadOnlySpan<byte> Read(int chunk);

    /// <summary>A matrix with 16 numbers for each row (M or N).</summary>
    private void Gather(int[] chunks, bool transposed, int rows, Span<double> matrix, Read read)
    {
        for (int i = 0; i < chunks.Length; i++)
        {
            ReadOnlySpan<byte> bytes = read(chunks[i]);
            for (int j = 0; j < Eight; j++)
            {
                (int row, int k) = transposed ? (i % (rows / Eight) * Eight + j, i / (rows / Eight)) : (i / 2, i % 2 * Eight + j);
                matrix[row * Depth + k] = TensorCore.Number(Format, BitConverter.ToUInt16(bytes[(2 * j)..]));
            }
        }
    }

    private int[] Located(ulong bits, bool transposed, int rows)
    {
        var descriptor = new MatrixDescriptor(bits);
        return descriptor.WhyNot(transposed) is { } reason
            ? throw new PtxException(PtxComplaint.Misaligned, Line, $"matrix descriptor 0x{bits:x}: {reason}")
            : descriptor.Chunks(rows, transposed);
    }
}
