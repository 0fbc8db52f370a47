using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Kernels.Primitives;

/// <summary>
/// Measures the error of <see cref="VectorExp"/> at each vector width that this machine has, against the float64 exponential of
/// System.Numerics.Tensors, for every float of the domain or every n-th.
/// </summary>
public static unsafe class ExpAccuracy
{
    // Arguments with normal results; then those down to −∞, whose results are subnormal or zero.
    private static readonly FloatRange[] NormalPowers = [new(-0f, -126), new(0, 127)];
    private static readonly FloatRange[] NormalFactoredPowers = [new(-0f, -126), new(0, 117)];
    private static readonly FloatRange[] NormalExponentials = [new(-0f, -87.33654f), new(0, 88)];
    private static readonly FloatRange SmallPowers = new(MathF.BitDecrement(-126), float.NegativeInfinity);
    private static readonly FloatRange SmallExponentials = new(-87.33655f, float.NegativeInfinity);

    private delegate void Function(float* x, float* y, int count);

    /// <summary>Tests every <paramref name="stride"/>-th float; 1 tests all, 3·10⁹ for each function, which takes minutes.</summary>
    /// <returns>One entry for each function and width.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The stride is not positive.</exception>
    public static IReadOnlyList<ExpError> Measure(int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        var errors = new List<ExpError>();
        Measure<Simd128, Vector128<float>>(stride, errors);
        Measure<Simd256, Vector256<float>>(stride, errors);
        Measure<Simd512, Vector512<float>>(stride, errors);
        if (Simd512.IsSupported)
            errors.Add(Measure("2^x, factored", 512, stride, FactoredPowers, ExactFactoredPowers, NormalFactoredPowers, SmallPowers));
        return errors;
    }

    /// <summary>Float64 reference: 2ˣ in float64.</summary>
    internal static void ExactPowers(ReadOnlySpan<double> x, Span<double> y) => TensorPrimitives.Exp2(x, y);

    /// <summary>Float64 reference: eˣ in float64.</summary>
    internal static void ExactExponentials(ReadOnlySpan<double> x, Span<double> y) => TensorPrimitives.Exp(x, y);

    private static void ExactFactoredPowers(ReadOnlySpan<double> x, Span<double> y)
    {
        ExactPowers(x, y);
        TensorPrimitives.Multiply(y, FactoredExp2.Factor, y);
    }

    private static void Measure<TSimd, TVector>(int stride, List<ExpError> errors)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        if (!TSimd.IsSupported)
            return;
        int bits = TSimd.Width * 32;
        errors.Add(Measure("2^x", bits, stride, Powers<TSimd, TVector>, ExactPowers, NormalPowers, SmallPowers));
        errors.Add(Measure("e^x", bits, stride, Exponentials<TSimd, TVector>, ExactExponentials, NormalExponentials, SmallExponentials));
    }

    private static ExpError Measure(
        string name, int vectorBits, int stride, Function function, Action<ReadOnlySpan<double>, Span<double>> exact, FloatRange[] normal,
        FloatRange small)
    {
        var total = new ExpErrorMaxima();
        foreach (FloatRange range in normal)
            total.Join(Scan(range, stride, function, exact));
        ExpErrorMaxima below = Scan(small, stride, function, exact);
        return new ExpError(
            name, vectorBits, total.Values + below.Values, total.Ulp, total.UlpAt, total.Relative, total.RelativeAt, below.Absolute,
            SpecialValuesRight(function, exact));
    }

    private static ExpErrorMaxima Scan(FloatRange range, int stride, Function function, Action<ReadOnlySpan<double>, Span<double>> exact)
    {
        var total = new ExpErrorMaxima();
        Parallel.For(
            0L, range.Blocks(stride), () => new ExpErrorBlock(),
            (index, _, block) =>
            {
                block.Fill(range, index, stride);
                fixed (float* x = block.Arguments, y = block.Results)
                    function(x, y, ExpErrorBlock.Length);
                exact(block.WideArguments, block.Exact);
                block.Judge();
                return block;
            },
            block =>
            {
                lock (total)
                    total.Join(block.Maxima);
            });
        return total;
    }

    private static bool SpecialValuesRight(Function function, Action<ReadOnlySpan<double>, Span<double>> exact)
    {
        float[] arguments = new float[ExpErrorBlock.Length], results = new float[ExpErrorBlock.Length];
        (arguments[0], arguments[1]) = (float.NaN, float.NegativeInfinity);
        fixed (float* x = arguments, y = results)
            function(x, y, arguments.Length);
        double[] atZero = [0];
        exact(atZero, atZero);
        bool rightAtZero = results[2] == 1 || atZero[0] != 1;
        return float.IsNaN(results[0]) && results[1] == 0 && rightAtZero;
    }

    private static void Powers<TSimd, TVector>(float* x, float* y, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        for (int i = 0; i < count; i += TSimd.Width)
            TSimd.Store(VectorExp.Exp2<TSimd, TVector>(TSimd.Load(x + i)), y + i);
    }

    private static void FactoredPowers(float* x, float* y, int count)
    {
        float* constants = stackalloc float[FactoredExp2.ConstantsLength];
        FactoredExp2.WriteConstants(constants);
        for (int i = 0; i < count; i += Vector512<float>.Count)
            FactoredExp2.Compute(Vector512.Load(x + i), constants).Store(y + i);
    }

    private static void Exponentials<TSimd, TVector>(float* x, float* y, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        for (int i = 0; i < count; i += TSimd.Width)
            TSimd.Store(VectorExp.Exp<TSimd, TVector>(TSimd.Load(x + i)), y + i);
    }
}
