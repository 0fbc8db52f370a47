namespace Kernels.Tests.Cuda;

/// <summary>
/// Where the elements of a matrix lie in the registers of a warp, as the PTX ISA manual gives it (release 7.0 and later, sections "Matrix
/// Fragments for mma.m16n8k16 with floating point type" and "ldmatrix"). Written down here from the manual's formulas, in its own terms, and
/// shared with no other code.
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
