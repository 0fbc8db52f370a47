using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>sums += the sum of each column of features [rows, stride], which are summed separately first.</summary>
internal readonly unsafe struct ColumnSums(int rows, int stride, float* features, float* sums) : IVectorKernel
{
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        for (int c = 0; c < stride; c += TSimd.Width)
        {
            TVector sum = default;
            for (int row = 0; row < rows; row++)
                sum = TSimd.Add(sum, TSimd.Load(features + row * stride + c));
            TSimd.Store(TSimd.Add(sum, TSimd.Load(sums + c)), sums + c);
        }
    }
}
