using System.Runtime.CompilerServices;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Distances;

/// <summary>
/// scores[key, row] += slope[row]·|key − offset[row]|, with rows across the lanes: the number of the key steps by one, and a distance costs two subtractions,
/// a maximum and a multiply-add. It is exact up to 2²⁴ keys, and the sum is rounded once.
/// </summary>
internal readonly unsafe struct ColumnDistances(float* scores, nint stride, int keys, int rows, float* slopes, float* offsets) : IVectorKernel
{
    // Independent numbers of keys, because each would wait for the addition before.
    private const int KeysAtOnce = 4;

    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector one = TSimd.Create(1), two = TSimd.Create(2), three = TSimd.Create(3), step = TSimd.Create(KeysAtOnce);
        for (int row = 0; row < rows; row += TSimd.Width)
        {
            TVector slope = TSimd.Load(slopes + row), offset = TSimd.Load(offsets + row), number = TSimd.Create(0);
            float* column = scores + row;
            for (int key = 0; key < keys; key += KeysAtOnce)
            {
                Add<TSimd, TVector>(column, number, offset, slope);
                Add<TSimd, TVector>(column + stride, TSimd.Add(number, one), offset, slope);
                Add<TSimd, TVector>(column + 2 * stride, TSimd.Add(number, two), offset, slope);
                Add<TSimd, TVector>(column + 3 * stride, TSimd.Add(number, three), offset, slope);
                number = TSimd.Add(number, step);
                column += KeysAtOnce * stride;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector>(float* score, TVector number, TVector offset, TVector slope)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector distance = TSimd.Max(TSimd.Subtract(number, offset), TSimd.Subtract(offset, number));
        TSimd.Store(TSimd.MultiplyAdd(slope, distance, TSimd.Load(score)), score);
    }
}
