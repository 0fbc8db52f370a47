using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// sums = x·W for a few rows and a float32 W, bound by reading W: eight rows of W are read side by side, contiguous columns of each, which is what a
/// hardware prefetcher follows; a register tile would read 256 bytes of a row and go on to the next, kilobytes away. The sums stay in the first-level cache.
/// </summary>
internal unsafe struct SideBySideProduct : IVectorKernel
{
    private const int Together = 8;

    /// <summary>The operands, W as [depth, width].</summary>
    public required StreamedOperands Operands { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        StreamedOperands of = Operands;
        for (int row = 0; row < of.Rows; row++)
            new Span<float>(of.Sums + row * of.SumsRow, of.Count).Clear();
        int i = 0;
        for (; i <= of.Depth - Together; i += Together)
            for (int row = 0; row < of.Rows; row++)
                Add<TSimd, TVector>(i, of.X + row * of.XRow + i, of.Sums + row * of.SumsRow);
        for (; i < of.Depth; i++)
            for (int row = 0; row < of.Rows; row++)
                AddOne(i, of.X[row * of.XRow + i], of.Sums + row * of.SumsRow);
    }

    private readonly void Add<TSimd, TVector>(nint first, float* x, float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        StreamedOperands of = Operands;
        int c = 0, count = of.Count;
        nint stride = of.Width;
        float* w = (float*)of.W + first * stride;
        TVector x0 = TSimd.Create(x[0]), x1 = TSimd.Create(x[1]), x2 = TSimd.Create(x[2]), x3 = TSimd.Create(x[3]);
        TVector x4 = TSimd.Create(x[4]), x5 = TSimd.Create(x[5]), x6 = TSimd.Create(x[6]), x7 = TSimd.Create(x[7]);
        for (; c <= count - TSimd.Width; c += TSimd.Width)
        {
            float* at = w + c;
            // Two chains of four, because one of eight waits for the latency of each.
            TVector even = TSimd.MultiplyAdd(x0, TSimd.Load(at), TSimd.Load(sums + c));
            TVector odd = TSimd.Multiply(x1, TSimd.Load(at + stride));
            even = TSimd.MultiplyAdd(x2, TSimd.Load(at + 2 * stride), even);
            odd = TSimd.MultiplyAdd(x3, TSimd.Load(at + 3 * stride), odd);
            even = TSimd.MultiplyAdd(x4, TSimd.Load(at + 4 * stride), even);
            odd = TSimd.MultiplyAdd(x5, TSimd.Load(at + 5 * stride), odd);
            even = TSimd.MultiplyAdd(x6, TSimd.Load(at + 6 * stride), even);
            odd = TSimd.MultiplyAdd(x7, TSimd.Load(at + 7 * stride), odd);
            TSimd.Store(TSimd.Add(even, odd), sums + c);
        }
        for (; c < count; c++)
            for (int i = 0; i < Together; i++)
                sums[c] += x[i] * w[i * stride + c];
    }

    private readonly void AddOne(nint step, float x, float* sums)
    {
        StreamedOperands of = Operands;
        float* w = (float*)of.W + step * of.Width;
        for (int c = 0; c < of.Count; c++)
            sums[c] += x * w[c];
    }
}
