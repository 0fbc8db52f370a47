using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Simd.Vectors;

/// <summary>Transposes small matrices, 4×4 in registers at a time: about four times as fast as element by element.</summary>
public static unsafe class Transpose
{
    /// <summary>Writes the transposed of a [rows, columns] matrix.</summary>
    /// <param name="source">[rows, columns].</param>
    /// <param name="sourceStride">Floats from one row of the source to the next.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="destination">[columns, rows].</param>
    /// <param name="destinationStride">Floats from one row of the destination to the next.</param>
    public static void Copy(float* source, nint sourceStride, int rows, int columns, float* destination, nint destinationStride)
    {
        int row = 0;
        for (; row <= rows - 4; row += 4)
        {
            int column = 0;
            for (; column <= columns - 4; column += 4)
                Block(source + row * sourceStride + column, sourceStride, destination + column * destinationStride + row, destinationStride);
            for (; column < columns; column++)
                for (int i = row; i < row + 4; i++)
                    destination[column * destinationStride + i] = source[i * sourceStride + column];
        }
        for (; row < rows; row++)
            for (int column = 0; column < columns; column++)
                destination[column * destinationStride + row] = source[row * sourceStride + column];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        Vector128<float> row0 = Vector128.Load(source), row1 = Vector128.Load(source + sourceStride);
        Vector128<float> row2 = Vector128.Load(source + 2 * sourceStride), row3 = Vector128.Load(source + 3 * sourceStride);
        Vector128<float> left01 = Interleave(row0.GetLower(), row1.GetLower()), left23 = Interleave(row2.GetLower(), row3.GetLower());
        Vector128<float> right01 = Interleave(row0.GetUpper(), row1.GetUpper()), right23 = Interleave(row2.GetUpper(), row3.GetUpper());
        Vector128.Create(left01.GetLower(), left23.GetLower()).Store(destination);
        Vector128.Create(left01.GetUpper(), left23.GetUpper()).Store(destination + destinationStride);
        Vector128.Create(right01.GetLower(), right23.GetLower()).Store(destination + 2 * destinationStride);
        Vector128.Create(right01.GetUpper(), right23.GetUpper()).Store(destination + 3 * destinationStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Interleave(Vector64<float> a, Vector64<float> b) =>
        Vector128.Shuffle(Vector128.Create(a, b), Vector128.Create(0, 2, 1, 3));
}
