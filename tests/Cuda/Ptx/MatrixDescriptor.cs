namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// Where wgmma finds a matrix in shared memory. PTX ISA manual, "Asynchronous Warpgroup Level Matrix Multiply-Accumulate Instructions", "Matrix
/// Descriptor Format": bits 0–13 the address, 16–29 the leading and 32–45 the stride dimension byte offset, each without its low four bits; 49–51
/// the base offset; 62–63 the swizzle, of which 1, 128 bytes, is known here: bits 4–6 of an address, the chunk of 16 bytes, are exchanged by its bits 7–9.
/// </summary>
internal readonly record struct MatrixDescriptor(ulong Bits)
{
    public const int ChunkBytes = 16;

    private const int RowBytes = 128, Eight = 8, PatternBytes = Eight * RowBytes;

    private int Start => Field(0);

    private int Leading => Field(16);

    private int Stride => Field(32);

    /// <summary>Why the interpreter cannot tell where the matrix is; null when it can.</summary>
    public string? WhyNot(bool transposed) =>
        Bits >> 62 != 1 || (Bits >> 49 & 7) != 0 ? "a swizzle of 128 bytes without a base offset is all that is known"
        : Start / RowBytes % Eight != 0 ? $"the pattern of the swizzle begins at a multiple of {PatternBytes}, not at {Start}"
        : Stride % PatternBytes != 0 ? $"groups of eight rows are a multiple of {PatternBytes} bytes apart, not {Stride}"
        : transposed && Leading % PatternBytes != 0 ? $"panels are a multiple of {PatternBytes} bytes apart, not {Leading}"
        : Start % RowBytes > (transposed ? 0 : RowBytes - 2 * ChunkBytes) ? "the matrix goes beyond its rows of 128 bytes"
        : null;

    /// <summary>
    /// Addresses of the chunks of a matrix of <paramref name="rows"/> (M or N) × 16 halves. Not transposed, K-major: two chunks for each row, of eight k
    /// each; rows are 128 bytes apart, and each eight the stride offset. Transposed, MN-major: for each k the chunks of eight rows each; k are 128 bytes
    /// apart, each eight the stride offset, and each 64 rows the leading offset.
    /// </summary>
    public int[] Chunks(int rows, bool transposed)
    {
        int[] chunks = new int[rows * 2];
        for (int i = 0; i < chunks.Length; i++)
        {
            int line = transposed ? i / (rows / Eight) : i / 2, chunk = transposed ? i % (rows / Eight) : i % 2;
            int at = Start + line / Eight * Stride + line % Eight * RowBytes + chunk / Eight * Leading + chunk % Eight * ChunkBytes;
            chunks[i] = at ^ (at / RowBytes % Eight * ChunkBytes);
        }
        return chunks;
    }

    private int Field(int shift) => (int)(Bits >> shift & 0x3fff) << 4;
}
