using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Primitives;

/// <summary>Four floats: SSE, NEON, or scalar code where neither is enabled.</summary>
public readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    /// <inheritdoc/>
    public static bool IsSupported => true;

    /// <inheritdoc/>
    public static int Width => Vector128<float>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Create(float value) =>
        Vector128.IsHardwareAccelerated ? Vector128.Create(value) : SoftwareLanes.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBFloat16(ushort* source) =>
        Vector128.IsHardwareAccelerated
            ? (Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16()) << 16).AsSingle()
            : SoftwareLanes.LoadBFloat16(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> vector, float* destination) => vector.Store(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) =>
        Vector128.IsHardwareAccelerated ? a + b : SoftwareLanes.Add(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) =>
        Vector128.IsHardwareAccelerated ? a - b : SoftwareLanes.Subtract(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) =>
        Vector128.IsHardwareAccelerated ? a * b : SoftwareLanes.Multiply(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) =>
        Vector128.IsHardwareAccelerated ? a / b : SoftwareLanes.Divide(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.IsHardwareAccelerated ? Vector128.MultiplyAddEstimate(a, b, c) : SoftwareLanes.MultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) =>
        Vector128.IsHardwareAccelerated ? Vector128.MaxNative(a, b) : SoftwareLanes.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> a) =>
        Vector128.IsHardwareAccelerated ? Vector128.Round(a) : SoftwareLanes.Round(a);

    /// <inheritdoc/>
    /// <remarks>The exponent bits are then all zero.</remarks>
    public static float SmallestExponent => -127;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ScaleByPowerOfTwo(Vector128<float> a, Vector128<float> n) =>
        Vector128.IsHardwareAccelerated
            ? (a.AsInt32() + (Vector128.ConvertToInt32Native(n) << 23)).AsSingle()
            : SoftwareLanes.AddToExponent(a, n);

    /// <inheritdoc/>
    public static float MaxAcross(Vector128<float> a) => MathF.Max(MathF.Max(a[0], a[1]), MathF.Max(a[2], a[3]));

    /// <inheritdoc/>
    public static float SumAcross(Vector128<float> a) => Vector128.Sum(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, float* destination)
    {
        // a₀+a₂ c₀+c₂ a₁+a₃ c₁+c₃, and the same of b and d.
        Vector128<float> ac = Transpose.InterleaveLow(a, c) + Transpose.InterleaveHigh(a, c);
        Vector128<float> bd = Transpose.InterleaveLow(b, d) + Transpose.InterleaveHigh(b, d);
        (Transpose.InterleaveLow(ac, bd) + Transpose.InterleaveHigh(ac, bd)).Store(destination);
    }
}
