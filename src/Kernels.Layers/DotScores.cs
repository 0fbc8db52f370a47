using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>The dot products of one query with rows, times a factor.</summary>
internal unsafe struct DotScores : IVectorKernel
{
    private const int Together = 4;

    /// <summary>[width].</summary>
    public required float* Query { get; init; }

    /// <summary>[keys, width] without gaps.</summary>
    public required float* Keys { get; init; }

    /// <summary>Numbers of a row.</summary>
    public required int Width { get; init; }

    /// <summary>Number of keys.</summary>
    public required int Count { get; init; }

    /// <summary>The factor.</summary>
    public required float Scale { get; init; }

    /// <summary>[keys].</summary>
    public required float* Scores { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        float* sums = stackalloc float[Together], keys = Keys;
        nint width = Width, whole = width / TSimd.Width * TSimd.Width;
        for (int first = 0; first < Count; first += Together)
        {
            // Behind the last key, the last again.
            float* k0 = keys + first * width, k1 = keys + Math.Min(first + 1, Count - 1) * width;
            float* k2 = keys + Math.Min(first + 2, Count - 1) * width, k3 = keys + Math.Min(first + 3, Count - 1) * width;
            TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (nint c = 0; c < whole; c += TSimd.Width)
            {
                TVector q = TSimd.Load(Query + c);
                sum0 = TSimd.MultiplyAdd(q, TSimd.Load(k0 + c), sum0);
                sum1 = TSimd.MultiplyAdd(q, TSimd.Load(k1 + c), sum1);
                sum2 = TSimd.MultiplyAdd(q, TSimd.Load(k2 + c), sum2);
                sum3 = TSimd.MultiplyAdd(q, TSimd.Load(k3 + c), sum3);
            }
            TSimd.StoreSums(sum0, sum1, sum2, sum3, sums);
            for (int i = 0; i < Math.Min(Together, Count - first); i++)
            {
                float sum = sums[i];
                for (nint c = whole; c < width; c++)
                    sum += Query[c] * keys[(first + i) * width + c];
                Scores[first + i] = sum * Scale;
            }
        }
    }
}
