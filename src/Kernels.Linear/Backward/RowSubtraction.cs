using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>Subtracts a number from each row of [rows, columns], whole vectors.</summary>
internal readonly unsafe struct RowSubtraction(float* matrix, int columns, float* numbers, int rows) : IVectorKernel
{
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        for (int row = 0; row < rows; row++)
        {
            TVector number = TSimd.Create(numbers[row]);
            float* start = matrix + row * columns;
            for (int c = 0; c < columns; c += TSimd.Width)
                TSimd.Store(TSimd.Subtract(TSimd.Load(start + c), number), start + c);
        }
    }
}
