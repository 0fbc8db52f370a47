using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Primitives;

/// <summary>
/// 2ˣ up to a constant factor, for AVX-512 code whose multiply-add units are busy otherwise. A polynomial of degree 5 is the product of a
/// linear and two quadratic factors, (f + e)·((f + a)² + b)·((f + c)² + d): two multiply-adds, two multiplications and three additions,
/// which have their own units on Zen 4, in place of a chain of five multiply-adds. The leading coefficient is omitted, because the division
/// of a softmax cancels it. The factorisation is in Knuth, The Art of Computer Programming, volume 2, section 4.6.4.
/// </summary>
public static unsafe class FactoredExp2
{
    /// <summary>The constant factor: the inverse of the leading coefficient.</summary>
    public const float Factor = 755.440335f;

    /// <summary>Floats of the constants.</summary>
    public const int ConstantsLength = 6 * Width;

    private const int Width = 16;

    // Below the smallest subnormal float, 2⁻¹⁴⁹, even after multiplication by the factor.
    private const float SmallestExponent = -170;

    /// <summary>
    /// Writes the constants that <see cref="Compute"/> reads from memory, because its loop has no registers left for them.
    /// </summary>
    /// <param name="constants"><see cref="ConstantsLength"/> floats.</param>
    public static void WriteConstants(float* constants)
    {
        // Minimax in relative error, found by local search over float32 coefficients evaluated in float32.
        ReadOnlySpan<float> values = [SmallestExponent, -0.336461961f, 20.252636f, 2.40219045f, 5.9125495f, 3.17497921f];
        for (int i = 0; i < values.Length; i++)
            Vector512.Create(values[i]).Store(constants + i * Width);
    }

    /// <summary>
    /// <see cref="Factor"/>·2ˣ for x ≤ 117, with an error below 6 units in the last place and a relative error below 3.5·10⁻⁷
    /// (<c>doctor --exp</c> measures both). Exactly zero below −170; NaN gives NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Compute(Vector512<float> x, float* constants)
    {
        // x comes second so that NaN propagates: the instruction returns its second operand for NaN.
        x = Vector512.MaxNative(Vector512.Load(constants), x);
        Vector512<float> n = Vector512.Round(x);
        Vector512<float> f = x - n;
        Vector512<float> first = f + Vector512.Load(constants + Width);
        first = Vector512.MultiplyAddEstimate(first, first, Vector512.Load(constants + 2 * Width));
        Vector512<float> second = f + Vector512.Load(constants + 3 * Width);
        second = Vector512.MultiplyAddEstimate(second, second, Vector512.Load(constants + 4 * Width));
        Vector512<float> linear = f + Vector512.Load(constants + 5 * Width);
        return Avx512F.Scale(linear * first * second, n);
    }
}
