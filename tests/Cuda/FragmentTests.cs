using System.Runtime.InteropServices;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>mma and ldmatrix of the interpreter, element by element against the tables of the manual.</summary>
[RunsOnce]
public class FragmentTests
{
    private const int Rows = 16, Columns = 8, Depth = 16, Lanes = 32;

    private const string Product =
        """
        mov.u32 %r0, %tid.x;
        mul.wide.u32 %rd4, %r0, 16;
        mul.wide.u32 %rd5, %r0, 8;
        add.s64 %rd0, %rd0, %rd4;
        add.s64 %rd1, %rd1, %rd5;
        add.s64 %rd2, %rd2, %rd4;
        add.s64 %rd3, %rd3, %rd4;
        ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%rd0];
        ld.global.v2.f32 {%f4, %f5}, [%rd1];
        ld.global.v4.f32 {%f6, %f7, %f8, %f9}, [%rd2];
        mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%f6, %f7, %f8, %f9}, {%f0, %f1, %f2, %f3}, {%f4, %f5}, {%f6, %f7, %f8, %f9};
        st.global.v4.f32 [%rd3], {%f6, %f7, %f8, %f9};
        """;

    private static readonly PtxEntry product = SmallPtx.Entry(4, Product), brainProduct = SmallPtx.Entry(4, Product.Replace(".f16.f16.", ".bf16.bf16."));

    // The matrices are row after row from shared address 0 on; each lane gives the address that its argument holds.
    private const string Load =
        """
        mov.u32 %r0, %tid.x;
        mul.wide.u32 %rd4, %r0, 16;
        mul.wide.u32 %rd5, %r0, 4;
        add.s64 %rd0, %rd0, %rd4;
        add.s64 %rd1, %rd1, %rd5;
        add.s64 %rd2, %rd2, %rd4;
        ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%rd0];
        st.shared.v4.f32 [%rd4], {%f0, %f1, %f2, %f3};
        bar.sync 0;
        ld.global.f32 %f4, [%rd1];
        LDMATRIX {%f0, %f1, %f2, %f3}, [%f4];
        st.global.v4.f32 [%rd2], {%f0, %f1, %f2, %f3};
        """;

    [Fact]
    public void Every_element_of_the_left_factor_lies_where_the_manual_says()
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int k = 0; k < Depth; k++)
            {
                var a = new Half[Rows, Depth];
                a[row, k] = Half.One;
                Half[,] b = Numbered(Depth, Columns);
                float[,] d = Multiply(a, b, new float[Rows, Columns]);
                for (int i = 0; i < Rows; i++)
                    for (int j = 0; j < Columns; j++)
                        Assert.Equal(i == row ? (float)b[k, j] : 0, d[i, j]);
            }
        }
    }

    [Fact]
    public void Every_element_of_the_right_factor_lies_where_the_manual_says()
    {
        for (int k = 0; k < Depth; k++)
        {
            for (int column = 0; column < Columns; column++)
            {
                var b = new Half[Depth, Columns];
                b[k, column] = Half.One;
                Half[,] a = Numbered(Rows, Depth);
                float[,] d = Multiply(a, b, new float[Rows, Columns]);
                for (int i = 0; i < Rows; i++)
                    for (int j = 0; j < Columns; j++)
                        Assert.Equal(j == column ? (float)a[i, k] : 0, d[i, j]);
            }
        }
    }

    [Fact]
    public void Every_element_of_the_sum_stays_where_it_is()
    {
        var c = new float[Rows, Columns];
        for (int i = 0; i < c.Length; i++)
            c[i / Columns, i % Columns] = i + 0.5f;

        Assert.Equal(c, Multiply(new Half[Rows, Depth], new Half[Depth, Columns], c));
    }

    /// <summary>The same places, numbers of the other format: those that it has in common with float16.</summary>
    [Fact]
    public void Elements_of_bfloat16_lie_where_halves_do()
    {
        Half[,] a = Numbered(Rows, Depth), b = Numbered(Depth, Columns);

        // Up to 256 every integer is a bfloat16.
        Assert.Equal(Multiply(a, b, new float[Rows, Columns]), Multiply(a, b, new float[Rows, Columns], brain: true));
    }

    [Theory]
    [InlineData("ldmatrix.sync.aligned.m8n8.x4.shared.b16", false)]
    [InlineData("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16", true)]
    public void Every_element_of_a_loaded_matrix_goes_where_the_manual_says(string opcode, bool transposed)
    {
        const int Matrices = 4, Side = 8;
        PtxEntry entry = SmallPtx.Entry(3, Load.Replace("LDMATRIX", opcode));
        // The rows lie in memory in another order than the lanes name them.
        int[] placeOfRow = [.. Enumerable.Range(0, Matrices * Side).Select(row => row * 13 % (Matrices * Side))];
        ushort[] stored = new ushort[Matrices * Side * Side];
        int[] addresses = new int[Lanes];
        for (int m = 0; m < Matrices; m++)
        {
            for (int row = 0; row < Side; row++)
            {
                int place = placeOfRow[m * Side + row];
                addresses[FragmentTables.AddressLane(m, row)] = place * Side * sizeof(ushort);
                for (int column = 0; column < Side; column++)
                    stored[place * Side + column] = Element(m, row, column);
            }
        }
        var memory = new GlobalMemory();
        Allocation output = memory.Output(Lanes * Matrices * 4);
        Arguments arguments = new Arguments()
            .Add(memory.Input(MemoryMarshal.AsBytes<ushort>(stored))).Add(memory.Input(MemoryMarshal.AsBytes<int>(addresses))).Add(output);

        new Grid(1, 1, 1, Lanes, stored.Length * sizeof(ushort)).Run(entry, memory, arguments);

        ReadOnlySpan<ushort> loaded = MemoryMarshal.Cast<Half, ushort>(output.Halves);
        for (int lane = 0; lane < Lanes; lane++)
        {
            for (int m = 0; m < Matrices; m++)
            {
                for (int half = 0; half < 2; half++)
                {
                    (int row, int column) = FragmentTables.Loaded(lane, half, transposed);
                    Assert.Equal(Element(m, row, column), loaded[(lane * Matrices + m) * 2 + half]);
                }
            }
        }
    }

    private static ushort Element(int matrix, int row, int column) => (ushort)(matrix * 100 + row * 10 + column);

    private static Half[,] Numbered(int rows, int columns)
    {
        var matrix = new Half[rows, columns];
        for (int i = 0; i < matrix.Length; i++)
            matrix[i / columns, i % columns] = (Half)(i + 1);
        return matrix;
    }

    private static float[,] Multiply(Half[,] a, Half[,] b, float[,] c, bool brain = false)
    {
        ushort[] aFragments = [.. Distribute(8, FragmentTables.A, a).Select(Bit)], bFragments = [.. Distribute(4, FragmentTables.B, b).Select(Bit)];
        float[] cFragments = Distribute(4, FragmentTables.C, c);
        var memory = new GlobalMemory();
        Allocation output = memory.Output(cFragments.Length * sizeof(float));
        Arguments arguments = new Arguments()
            .Add(memory.Input(MemoryMarshal.AsBytes<ushort>(aFragments))).Add(memory.Input(MemoryMarshal.AsBytes<ushort>(bFragments)))
            .Add(memory.Input(MemoryMarshal.AsBytes<float>(cFragments))).Add(output);

        new Grid(1, 1, 1, Lanes, 0).Run(brain ? brainProduct : product, memory, arguments);

        var d = new float[Rows, Columns];
        for (int i = 0; i < output.Floats.Length; i++)
        {
            (int row, int column) = FragmentTables.C(i / 4, i % 4);
            d[row, column] = output.Floats[i];
        }
        return d;

        ushort Bit(Half number) => brain ? (ushort)(BitConverter.SingleToUInt32Bits((float)number) >> 16) : BitConverter.HalfToUInt16Bits(number);
    }

    /// <summary>The elements of a matrix in the order in which lanes hold them.</summary>
    private static T[] Distribute<T>(int perLane, Func<int, int, (int Row, int Column)> table, T[,] matrix)
    {
        var fragments = new T[Lanes * perLane];
        for (int i = 0; i < fragments.Length; i++)
        {
            (int row, int column) = table(i / perLane, i % perLane);
            fragments[i] = matrix[row, column];
        }
        return fragments;
    }
}
