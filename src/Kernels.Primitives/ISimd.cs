namespace Kernels.Primitives;

/// <summary>
/// The operations that kernels need of one vector width. The JIT specialises a loop over it for each width, to the same code as a loop
/// written with intrinsics.
/// </summary>
/// <typeparam name="TVector">The vector type, such as <c>Vector256&lt;float&gt;</c>.</typeparam>
public unsafe interface ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Whether this machine computes the width in hardware, as the JIT sees it now.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>The same value in all lanes.</summary>
    static abstract TVector Create(float value);

    /// <summary>Loads <see cref="Width"/> floats from any address.</summary>
    static abstract TVector Load(float* source);

    /// <summary>Loads <see cref="Width"/> bfloat16 numbers from any address, exactly.</summary>
    static abstract TVector LoadBFloat16(ushort* source);

    /// <summary>Stores <see cref="Width"/> floats at any address.</summary>
    static abstract void Store(TVector vector, float* destination);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a · b + c, with one rounding where the hardware has fused multiply-add.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The larger of each lane; where either is NaN, <paramref name="b"/> on x64 and NaN on Arm.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract TVector Round(TVector a);

    /// <summary>The smallest n of <see cref="ScaleByPowerOfTwo"/>; 1 · 2ⁿ with it is exactly zero.</summary>
    static abstract float SmallestExponent { get; }

    /// <summary>
    /// a · 2ⁿ for integral n in [<see cref="SmallestExponent"/>, 127] and a in [0.7, 1.5], at least 1 where n is the smallest; NaN when a
    /// is NaN. Where the exact result is subnormal, the result is arbitrary with a magnitude below 2⁻¹²⁶.
    /// </summary>
    static abstract TVector ScaleByPowerOfTwo(TVector a, TVector n);

    /// <summary>The largest lane.</summary>
    static abstract float MaxAcross(TVector a);

    /// <summary>The sum of the lanes.</summary>
    static abstract float SumAcross(TVector a);

    /// <summary>
    /// Stores four floats: the sums of the lanes of each vector. Transposes while it adds, with fewer instructions than four separate sums.
    /// </summary>
    static abstract void StoreSums(TVector a, TVector b, TVector c, TVector d, float* destination);
}
