namespace Kernels.Tests.Cuda.Ptx;

/// <summary>mma.m16n8k16, inputs of 16 bits, float sums: d[16×8] = a[16×16] · b[16×8] + c.</summary>
internal sealed class MatrixProductInstruction(PtxStatement statement, HalfFormat format, int[] d, int[] a, int[] b, int[] c)
    : Instruction(statement)
{
    private const int Rows = 16, Columns = 8, Depth = TensorCore.Depth;

    public override uint LanesToMeet(Warp warp, uint lanes) => Warp.AllLanes;

    public override void Execute(Warp warp, uint lanes)
    {
        // The right factor by columns.
        Span<double> left = stackalloc double[Rows * Depth], right = stackalloc double[Columns * Depth];
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            (int group, int member) = (lane / 4, lane % 4);
            for (int i = 0; i < 4; i++)
                Place(left[((group + i % 2 * 8) * Depth + i / 2 * 8 + member * 2)..], warp.Register(a[i])[lane]);
            for (int i = 0; i < 2; i++)
                Place(right[(group * Depth + i * 8 + member * 2)..], warp.Register(b[i])[lane]);
        }
        Span<ulong> sums = stackalloc ulong[4];
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
                sums[i] = Bits.Of(TensorCore.Sum(left[(row * Depth)..], right[(column * Depth)..], Bits.Float(warp.Register(c[i])[lane])));
            }
            for (int i = 0; i < 4; i++)
                warp.Register(d[i])[lane] = sums[i];
        }
    }

    private void Place(Span<double> pair, ulong bits)
    {
        pair[0] = TensorCore.Number(format, (ushort)bits);
        pair[1] = TensorCore.Number(format, (ushort)(bits >> 16));
    }
}

/// <summary>
/// ldmatrix.x4: four 8×8 matrices of halves. Lanes 8m … 8m + 7 give the addresses of the rows of matrix m; lane l gets row l / 4, columns
/// 2 (l % 4) and the next, or of the transpose.
/// </summary>
internal sealed class LoadMatrixInstruction(PtxStatement statement, int[] targets, Address rows, bool transposed) : Instruction(statement)
{
    private const int Side = 8;

    public override uint LanesToMeet(Warp warp, uint lanes) => Warp.AllLanes;

    public override IEnumerable<MemoryAccess> Accesses(Warp warp, uint lanes) => MemoryAccess.Of(Space.Shared, warp, lanes, rows, 2 * Side);

    public override void Execute(Warp warp, uint lanes)
    {
        Span<ushort> matrices = stackalloc ushort[Warp.Lanes * Side];
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            ReadOnlySpan<byte> row = warp.Shared.Read(Statement.Line, warp.Thread(lane), rows.Of(warp, lane), 2 * Side);
            for (int column = 0; column < Side; column++)
                matrices[lane * Side + column] = BitConverter.ToUInt16(row[(2 * column)..]);
        }
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            for (int m = 0; m < targets.Length; m++)
            {
                ReadOnlySpan<ushort> matrix = matrices.Slice(m * Side * Side, Side * Side);
                warp.Register(targets[m])[lane] =
                    Element(matrix, lane / 4, lane % 4 * 2) | (ulong)Element(matrix, lane / 4, lane % 4 * 2 + 1) << 16;
            }
        }
    }

    private ushort Element(ReadOnlySpan<ushort> matrix, int row, int column) =>
        transposed ? matrix[column * Side + row] : matrix[row * Side + column];
}
