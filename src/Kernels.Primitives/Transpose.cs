using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Primitives;

/// <summary>Transposes small matrices, blocks of 4×4 or 8×8 in registers.</summary>
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
            float* first = source + row * sourceStride;
            FourRows(
                first, first + sourceStride, first + 2 * sourceStride, first + 3 * sourceStride, columns, destination + row, destinationStride);
        }
        for (; row < rows; row++)
            for (int column = 0; column < columns; column++)
                destination[column * destinationStride + row] = source[row * sourceStride + column];
    }

    /// <summary>Writes four rows at any addresses as four adjacent columns.</summary>
    /// <param name="row0">[columns].</param>
    /// <param name="row1">[columns].</param>
    /// <param name="row2">[columns].</param>
    /// <param name="row3">[columns].</param>
    /// <param name="columns">Length of the rows.</param>
    /// <param name="destination">[columns, 4].</param>
    /// <param name="destinationStride">Floats from one row of the destination to the next.</param>
    public static void FourRows(
        float* row0, float* row1, float* row2, float* row3, int columns, float* destination, nint destinationStride)
    {
        int column = 0;
        for (; column <= columns - 4; column += 4)
        {
            Vector128<float> even = InterleaveLow(Vector128.Load(row0 + column), Vector128.Load(row2 + column));
            Vector128<float> odd = InterleaveLow(Vector128.Load(row1 + column), Vector128.Load(row3 + column));
            InterleaveLow(even, odd).Store(destination);
            InterleaveHigh(even, odd).Store(destination + destinationStride);
            even = InterleaveHigh(Vector128.Load(row0 + column), Vector128.Load(row2 + column));
            odd = InterleaveHigh(Vector128.Load(row1 + column), Vector128.Load(row3 + column));
            InterleaveLow(even, odd).Store(destination + 2 * destinationStride);
            InterleaveHigh(even, odd).Store(destination + 3 * destinationStride);
            destination += 4 * destinationStride;
        }
        for (; column < columns; column++)
        {
            Vector128.Create(row0[column], row1[column], row2[column], row3[column]).Store(destination);
            destination += destinationStride;
        }
    }

    /// <summary>Writes eight rows at any addresses as eight adjacent columns.</summary>
    /// <param name="rows">Eight rows of [columns].</param>
    /// <param name="columns">Length of the rows.</param>
    /// <param name="destination">[columns, 8].</param>
    /// <param name="destinationStride">Floats from one row of the destination to the next.</param>
    public static void EightRows(float** rows, int columns, float* destination, nint destinationStride)
    {
        int column = 0;
        if (Avx.IsSupported)
        {
            for (; column <= columns - 8; column += 8)
                EightByEight(rows, column, destination + column * destinationStride, destinationStride);
        }
        destination += column * destinationStride;
        FourRows(
            rows[0] + column, rows[1] + column, rows[2] + column, rows[3] + column, columns - column, destination, destinationStride);
        FourRows(
            rows[4] + column, rows[5] + column, rows[6] + column, rows[7] + column, columns - column, destination + 4, destinationStride);
    }

    // Pairs of rows, pairs of pairs, then the two halves of the registers.
    private static void EightByEight(float** rows, int column, float* destination, nint stride)
    {
        Vector256<float> row0 = Vector256.Load(rows[0] + column), row1 = Vector256.Load(rows[1] + column);
        Vector256<float> row2 = Vector256.Load(rows[2] + column), row3 = Vector256.Load(rows[3] + column);
        Vector256<float> row4 = Vector256.Load(rows[4] + column), row5 = Vector256.Load(rows[5] + column);
        Vector256<float> row6 = Vector256.Load(rows[6] + column), row7 = Vector256.Load(rows[7] + column);
        Vector256<float> low01 = Avx.UnpackLow(row0, row1), high01 = Avx.UnpackHigh(row0, row1);
        Vector256<float> low23 = Avx.UnpackLow(row2, row3), high23 = Avx.UnpackHigh(row2, row3);
        Vector256<float> low45 = Avx.UnpackLow(row4, row5), high45 = Avx.UnpackHigh(row4, row5);
        Vector256<float> low67 = Avx.UnpackLow(row6, row7), high67 = Avx.UnpackHigh(row6, row7);
        const byte Even = 0x44, Odd = 0xEE, Lower = 0x20, Upper = 0x31;
        Vector256<float> a0 = Avx.Shuffle(low01, low23, Even), b0 = Avx.Shuffle(low45, low67, Even);
        Vector256<float> a1 = Avx.Shuffle(low01, low23, Odd), b1 = Avx.Shuffle(low45, low67, Odd);
        Vector256<float> a2 = Avx.Shuffle(high01, high23, Even), b2 = Avx.Shuffle(high45, high67, Even);
        Vector256<float> a3 = Avx.Shuffle(high01, high23, Odd), b3 = Avx.Shuffle(high45, high67, Odd);
        Avx.Permute2x128(a0, b0, Lower).Store(destination);
        Avx.Permute2x128(a1, b1, Lower).Store(destination + stride);
        Avx.Permute2x128(a2, b2, Lower).Store(destination + 2 * stride);
        Avx.Permute2x128(a3, b3, Lower).Store(destination + 3 * stride);
        Avx.Permute2x128(a0, b0, Upper).Store(destination + 4 * stride);
        Avx.Permute2x128(a1, b1, Upper).Store(destination + 5 * stride);
        Avx.Permute2x128(a2, b2, Upper).Store(destination + 6 * stride);
        Avx.Permute2x128(a3, b3, Upper).Store(destination + 7 * stride);
    }

    /// <summary>a₀ b₀ a₁ b₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a₂ b₂ a₃ b₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
