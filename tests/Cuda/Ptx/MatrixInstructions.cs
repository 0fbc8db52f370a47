namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// mma.m16n8k16, halves in, float sums: d[16×8] = a[16×16] · b[16×8] + c. The manual leaves order and rounding of the sums open; here
/// products and their sum are exact (to float64) and the result is cut off to float, which is as inaccurate as devices have been seen to be
/// (Fasi, Higham, Mikaitis &amp; Pranesh 2021).
/// </summary>
internal sealed class MatrixProductInstruction(PtxStatement statement, int[] d, int[] a, int[] b, int[] c) : Instruction(statement)
{
    private const int Rows = 16, Columns = 8, Depth = 16;

    public override uint LanesToMeet(Warp warp, uint lanes) => Warp.AllLanes;

    public override void Execute(Warp warp, uint lanes)
    {
        Span<double> left = stackalloc double[Rows * Depth], right = stackalloc double[Depth * Columns];
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            (int group, int member) = (lane / 4, lane % 4);
            for (int i = 0; i < 4; i++)
                Place(left, (group + i % 2 * 8) * Depth + i / 2 * 8 + member * 2, 1, warp.Register(a[i])[lane]);
            for (int i = 0; i < 2; i++)
                Place(right, (i * 8 + member * 2) * Columns + group, Columns, warp.Register(b[i])[lane]);
        }
        Span<ulong> sums = stackalloc ulong[4];
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
                sums[i] = Sum(left.Slice(row * Depth, Depth), right[column..], Bits.Float(warp.Register(c[i])[lane]));
            }
            for (int i = 0; i < 4; i++)
                warp.Register(d[i])[lane] = sums[i];
        }
    }

    private static uint Sum(ReadOnlySpan<double> row, ReadOnlySpan<double> column, float start)
    {
        double sum = start;
        for (int k = 0; k < Depth; k++)
            sum += row[k] * column[k * Columns];
        return Bits.Of(CutOff(sum));
    }

    private static void Place(Span<double> matrix, int index, int next, ulong pair)
    {
        matrix[index] = Bits.Half((ushort)pair);
        matrix[index + next] = Bits.Half((ushort)(pair >> 16));
    }

    private static float CutOff(double x)
    {
        float rounded = (float)x;
        return Math.Abs((double)rounded) <= Math.Abs(x) || !double.IsFinite(x) ? rounded
            : x > 0 ? MathF.BitDecrement(rounded)
            : MathF.BitIncrement(rounded);
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
