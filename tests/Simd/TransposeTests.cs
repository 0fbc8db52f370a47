using Kernels.Primitives;
using Xunit;

namespace Kernels.Tests.Simd;

public sealed unsafe class TransposeTests
{
    [Fact]
    public void Every_shape_is_transposed_and_nothing_beside_it_is_written()
    {
        for (int rows = 1; rows <= 9; rows++)
            for (int columns = 1; columns <= 9; columns++)
                Check(rows, columns);
    }

    private static void Check(int rows, int columns)
    {
        int stride = rows + 2;
        float[] source = [.. Enumerable.Range(1, rows * columns)], destination = new float[columns * stride];
        fixed (float* from = source, to = destination)
            Transpose.Copy(from, columns, rows, columns, to, stride);
        for (int i = 0; i < destination.Length; i++)
        {
            (int column, int row) = Math.DivRem(i, stride);
            Assert.Equal(row < rows ? source[row * columns + column] : 0, destination[i]);
        }
    }
}
