using System.Runtime.CompilerServices;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// The additive scores of a query, less the Σ v that all of them share, in units of log₂: Σ w/(1 + e²ᑫ·e²ᵏ) with w = −2·log₂ e·v, four keys at a time. Two
/// channels share a division, which bounds the loop: a/b + c/d = (a·d + c·b)/(b·d). Where a number is too large for it, ½·w·(1 − tanh(q + k)).
/// </summary>
internal unsafe struct AdditiveScores : IVectorKernel
{
    // Keys that are summed together.
    private const int Together = 4;

    /// <summary>The query and its exponentials, see <see cref="AlignmentRow"/>.</summary>
    public required float* Query { get; init; }

    /// <summary>Likewise.</summary>
    public required float* QueryExponentials { get; init; }

    /// <summary>The largest magnitude of the query.</summary>
    public required float QueryLargest { get; init; }

    /// <summary>Keys, [keys, <see cref="Stride"/>].</summary>
    public required float* Keys { get; init; }

    /// <summary>Likewise.</summary>
    public required float* KeyExponentials { get; init; }

    /// <summary>[keys].</summary>
    public required float* KeyLargest { get; init; }

    /// <summary>w.</summary>
    public required float* Weights { get; init; }

    /// <summary>Floats of a row.</summary>
    public required int Stride { get; init; }

    /// <summary>Number of keys.</summary>
    public required int Count { get; init; }

    /// <summary>[keys].</summary>
    public required float* Scores { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        float* sums = stackalloc float[Together];
        nint* rows = stackalloc nint[Together];
        for (int first = 0; first < Count; first += Together)
        {
            bool isBounded = QueryLargest <= AlignmentRow.Limit;
            for (int i = 0; i < Together; i++)
            {
                // Behind the last key, the last again.
                int key = Math.Min(first + i, Count - 1);
                rows[i] = key * (nint)Stride;
                isBounded &= KeyLargest[key] <= AlignmentRow.Limit;
            }
            if (isBounded)
                ByProducts<TSimd, TVector>(KeyExponentials + rows[0], KeyExponentials + rows[1], KeyExponentials + rows[2], KeyExponentials + rows[3], sums);
            else
                ByTanh<TSimd, TVector>(Keys + rows[0], Keys + rows[1], Keys + rows[2], Keys + rows[3], sums);
            new ReadOnlySpan<float>(sums, Math.Min(Together, Count - first)).CopyTo(new Span<float>(Scores + first, Math.Min(Together, Count - first)));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void ByProducts<TSimd, TVector>(float* k0, float* k1, float* k2, float* k3, float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (nint c = 0, end = Stride; c < end; c += 2 * TSimd.Width)
        {
            TVector q0 = TSimd.Load(QueryExponentials + c), q1 = TSimd.Load(QueryExponentials + c + TSimd.Width);
            TVector w0 = TSimd.Load(Weights + c), w1 = TSimd.Load(Weights + c + TSimd.Width);
            sum0 = Add<TSimd, TVector>(sum0, q0, q1, w0, w1, k0 + c);
            sum1 = Add<TSimd, TVector>(sum1, q0, q1, w0, w1, k1 + c);
            sum2 = Add<TSimd, TVector>(sum2, q0, q1, w0, w1, k2 + c);
            sum3 = Add<TSimd, TVector>(sum3, q0, q1, w0, w1, k3 + c);
        }
        TSimd.StoreSums(sum0, sum1, sum2, sum3, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add<TSimd, TVector>(TVector sum, TVector q0, TVector q1, TVector w0, TVector w1, float* key)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector one = TSimd.Create(1);
        TVector below0 = TSimd.MultiplyAdd(q0, TSimd.Load(key), one), below1 = TSimd.MultiplyAdd(q1, TSimd.Load(key + TSimd.Width), one);
        TVector above = TSimd.MultiplyAdd(w0, below1, TSimd.Multiply(w1, below0));
        return TSimd.Add(sum, TSimd.Divide(above, TSimd.Multiply(below0, below1)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void ByTanh<TSimd, TVector>(float* k0, float* k1, float* k2, float* k3, float* sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (nint c = 0, end = Stride; c < end; c += TSimd.Width)
        {
            TVector q = TSimd.Load(Query + c), w = TSimd.Load(Weights + c);
            sum0 = TSimd.MultiplyAdd(w, Half<TSimd, TVector>(TSimd.Add(q, TSimd.Load(k0 + c))), sum0);
            sum1 = TSimd.MultiplyAdd(w, Half<TSimd, TVector>(TSimd.Add(q, TSimd.Load(k1 + c))), sum1);
            sum2 = TSimd.MultiplyAdd(w, Half<TSimd, TVector>(TSimd.Add(q, TSimd.Load(k2 + c))), sum2);
            sum3 = TSimd.MultiplyAdd(w, Half<TSimd, TVector>(TSimd.Add(q, TSimd.Load(k3 + c))), sum3);
        }
        TSimd.StoreSums(sum0, sum1, sum2, sum3, sums);
    }

    // 1/(1 + e²ˣ).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Half<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        TSimd.MultiplyAdd(TSimd.Create(-0.5f), StateFunctions.Tanh<TSimd, TVector>(x), TSimd.Create(0.5f));
}
