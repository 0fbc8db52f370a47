using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>wgmma of the interpreter, element by element against the formulas of the manual.</summary>
[RunsOnce]
public class WarpgroupFragmentTests
{
    private const int Rows = 64, Depth = 16, ImageBytes = 32 << 10;

    // Where the factors begin: the right one behind the left one, each some channels into its rows, and groups of eight further apart than they need be.
    private const int LeftStart = 32, RightStart = 12 << 10;

    public static TheoryData<int, string, bool, bool> Products
    {
        get
        {
            var products = new TheoryData<int, string, bool, bool>();
            foreach (int columns in (int[])[64, 128])
                foreach (string type in (string[])["f16", "bf16"])
                    foreach (bool inRegisters in (bool[])[false, true])
                        foreach (bool transposed in (bool[])[false, true])
                            products.Add(columns, type, inRegisters, transposed);
            return products;
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Every_element_lies_where_the_manual_says(int columns, string type, bool inRegisters, bool transposed)
    {
        var random = new Random(columns);
        int[,] a = Integers(random, Rows, Depth), b = Integers(random, columns, Depth), c = Integers(random, Rows, columns);
        byte[] image = new byte[ImageBytes];
        int leftStride = 1024, rightStride = transposed ? 2048 : 1024, rightStart = RightStart + (transposed ? 0 : 64), leading = 8192;
        for (int k = 0; k < Depth; k++)
        {
            for (int row = 0; row < Rows; row++)
                Put(image, FragmentTables.KMajor(row, k + LeftStart / 2, leftStride), a[row, k], type);
            for (int column = 0; column < columns; column++)
            {
                int place = transposed ? FragmentTables.MNMajor(column, k, leading, rightStride) : FragmentTables.KMajor(column, k + 32, rightStride);
                Put(image, RightStart + place, b[column, k], type);
            }
        }
        ushort[] left = new ushort[SmallWgmma.Threads * 8];
        float[] sums = new float[SmallWgmma.Threads * columns / 2];
        for (int i = 0; i < left.Length; i++)
        {
            (int row, int k) = FragmentTables.A64(i / 8, i % 8);
            left[i] = Bits(a[row, k], type);
        }
        for (int i = 0; i < sums.Length; i++)
        {
            (int row, int column) = FragmentTables.D64(i / (columns / 2), i % (columns / 2));
            sums[i] = c[row, column];
        }
        var product = new SmallWgmma(columns, type, inRegisters, transposed);

        float[] output = product.Run(
            product.Right, image, left, sums, SmallWgmma.Descriptor(LeftStart, 16, leftStride),
            SmallWgmma.Descriptor(rightStart, transposed ? leading : 16, rightStride));

        for (int i = 0; i < output.Length; i++)
        {
            (int row, int column) = FragmentTables.D64(i / (columns / 2), i % (columns / 2));
            int expected = c[row, column] + Enumerable.Range(0, Depth).Sum(k => a[row, k] * b[column, k]);
            Assert.True(expected == output[i], $"row {row}, column {column}: {output[i]} in place of {expected}");
        }
    }

    private static int[,] Integers(Random random, int rows, int columns)
    {
        int[,] integers = new int[rows, columns];
        foreach (ref int number in System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref integers[0, 0], integers.Length))
            number = random.Next(-100, 101);
        return integers;
    }

    private static void Put(byte[] image, int place, int number, string type) => BitConverter.TryWriteBytes(image.AsSpan(place), Bits(number, type));

    private static ushort Bits(int number, string type) => type == "f16"
        ? BitConverter.HalfToUInt16Bits((Half)number)
        : (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16);
}
