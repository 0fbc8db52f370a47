namespace Kernels.Tests.Cuda;

/// <summary>
/// Where the elements of a matrix lie in the registers of a warp, as the PTX ISA manual gives it (release 7.0 and later, sections "Matrix
/// Fragments for mma.m16n8k16 with floating point type" and "ldmatrix"). Written down here from the manual's formulas, in its own terms, and
/// shared with no other code. Of wgmma (PTX 8.0, "Asynchronous Warpgroup Level Matrix Multiply-Accumulate Instructions"): "Register Fragments" and
/// "Shared Memory Matrix Layout".
/// </summary>
internal static class FragmentTables
{
    /// <summary>Multiplicand A, 16 × 16: elements a0 … a7 of a lane, two to a register, the lower first.</summary>
    public static (int Row, int Column) A(int laneid, int i)
    {
        int groupID = laneid >> 2, threadID_in_group = laneid % 4;
        int row = i is >= 0 and < 2 or >= 4 and < 6 ? groupID : groupID + 8;
        int col = i < 4 ? threadID_in_group * 2 + (i & 0x1) : threadID_in_group * 2 + (i & 0x1) + 8;
        return (row, col);
    }

    /// <summary>Multiplicand B, 16 × 8: elements b0 … b3 of a lane, two to a register.</summary>
    public static (int Row, int Column) B(int laneid, int i)
    {
        int groupID = laneid >> 2, threadID_in_group = laneid % 4;
        int row = i < 2 ? threadID_in_group * 2 + (i & 0x1) : threadID_in_group * 2 + (i & 0x1) + 8;
        return (row, groupID);
    }

    /// <summary>Accumulators C and D, 16 × 8: elements c0 … c3 of a lane, one to a register.</summary>
    public static (int Row, int Column) C(int laneid, int i)
    {
        int groupID = laneid >> 2, threadID_in_group = laneid % 4;
        return (i < 2 ? groupID : groupID + 8, threadID_in_group * 2 + (i & 0x1));
    }

    /// <summary>
    /// Accumulator D of wgmma.m64nN, 64 × N: elements d0 … d(N/2 − 1) of a thread of the warpgroup; row = 16 (warp % 4) + groupID, and 8 more for d(i) with i
    /// % 4 above 1.
    /// </summary>
    public static (int Row, int Column) D64(int thread, int i)
    {
        int laneid = thread % 32, groupID = laneid >> 2, threadID_in_group = laneid % 4;
        int row = thread / 32 % 4 * 16 + groupID + (i % 4 < 2 ? 0 : 8);
        return (row, i / 4 * 8 + threadID_in_group * 2 + (i & 0x1));
    }

    /// <summary>Multiplicand A of wgmma.m64nNk16 in registers, 64 × 16: elements a0 … a7 of a thread, two to a register, the lower first.</summary>
    public static (int Row, int Column) A64(int thread, int i)
    {
        (int row, int col) = A(thread % 32, i);
        return (thread / 32 % 4 * 16 + row, col);
    }

    /// <summary>
    /// Byte of an element of a K-major matrix with a swizzle of 128 bytes, from its start: the manual's canonical layout Swizzle⟨3,4,3⟩ o
    /// ((8,m),(T,2k)):((8T,SBO),(1,T)) with T = 8 halves, 16 bytes.
    /// </summary>
    public static int KMajor(int row, int k, int strideByteOffset)
    {
        const int T = 8;
        int element = row % 8 * (8 * T) + k % T + k / T * T;
        return Swizzle343(element * 2 + row / 8 * strideByteOffset);
    }

    /// <summary>The same of an MN-major matrix: Swizzle⟨3,4,3⟩ o ((T,8,m),(8,k)):((1,T,LBO),(8T,SBO)).</summary>
    public static int MNMajor(int mn, int k, int leadingByteOffset, int strideByteOffset)
    {
        const int T = 8;
        int element = mn % T + mn / T % 8 * T + k % 8 * (8 * T);
        return Swizzle343(element * 2 + mn / (8 * T) * leadingByteOffset + k / 8 * strideByteOffset);
    }

    // Swizzle⟨B, M, S⟩: B bits, M above the lowest, are exchanged by those S further up.
    private static int Swizzle343(int address) => address ^ ((address & (0b111 << 7)) >> 3);

    /// <summary>
    /// The lane that gives the address of a row to ldmatrix.x4: threads 0–7 the rows of the first matrix, 8–15 of the second, 16–23 of the third,
    /// 24–31 of the fourth.
    /// </summary>
    public static int AddressLane(int matrix, int row) => matrix * 8 + row;

    /// <summary>
    /// What a lane gets of each 8 × 8 matrix: thread 0 the first two elements of row 0, thread 1 the next two, …, thread 4 the first two of row 1.
    /// Half 0 is the lower. With .trans the matrix is read as columns.
    /// </summary>
    public static (int Row, int Column) Loaded(int laneid, int half, bool transposed)
    {
        (int line, int place) = (laneid / 4, laneid % 4 * 2 + half);
        return transposed ? (place, line) : (line, place);
    }
}
