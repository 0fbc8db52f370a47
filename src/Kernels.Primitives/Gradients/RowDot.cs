using Kernels.Primitives.InstructionSets;

namespace Kernels.Primitives.Gradients;

/// <summary>a·b of one row.</summary>
/// <param name="a">[count].</param>
/// <param name="b">[count].</param>
/// <param name="count">Length of both.</param>
public unsafe struct RowDot(float* a, float* b, int count) : IVectorKernel
{
    /// <summary>The product.</summary>
    public float Value { get; private set; }

    /// <inheritdoc/>
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector sums = default;
        int c = 0;
        for (; c <= count - TSimd.Width; c += TSimd.Width)
            sums = TSimd.MultiplyAdd(TSimd.Load(a + c), TSimd.Load(b + c), sums);
        float sum = TSimd.SumAcross(sums);
        for (; c < count; c++)
            sum += a[c] * b[c];
        Value = sum;
    }
}
