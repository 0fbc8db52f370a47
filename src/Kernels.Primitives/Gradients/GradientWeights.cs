using Kernels.Primitives.InstructionSets;

namespace Kernels.Primitives.Gradients;

/// <summary>
/// Scores become weights, P = exp(score·scale − lse + bias), and dP becomes dS = P∘(dP − D), for a panel of keys. The difference is taken
/// before the factor log₂ e, because products with it would round large scores and log-sum-exps.
/// </summary>
/// <param name="rows">Queries.</param>
/// <param name="keys">Keys, rounded up to whole vectors.</param>
/// <param name="scores">Scores and then weights, [rows, keys].</param>
/// <param name="gradients">dP and then dS, [rows, keys].</param>
/// <param name="bias">Added to the exponents, [rows, keys]; null for none.</param>
/// <param name="stride">Floats from one row to the next.</param>
/// <param name="scale">Factor of the scores.</param>
/// <param name="lse">Log-sum-exps, [rows]; +∞ gives weights of zero.</param>
/// <param name="sums">D, [rows].</param>
public readonly unsafe struct GradientWeights(
    int rows, int keys, float* scores, float* gradients, float* bias, nint stride, float scale, float* lse, float* sums) : IVectorKernel
{
    // 2¹²⁸ is infinite in float32, so larger exponents change nothing; the shared exponential takes no larger ones.
    private const float LargestExponent = 128;

    /// <inheritdoc/>
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        for (int row = 0; row < rows; row++)
        {
            nint begin = row * stride;
            if (bias == null)
                Row<TSimd, TVector>(scores + begin, gradients + begin, lse[row], sums[row]);
            else
                BiasedRow<TSimd, TVector>(scores + begin, gradients + begin, bias + begin, lse[row], sums[row]);
        }
    }

    private void Row<TSimd, TVector>(float* score, float* gradient, float lse, float sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector factor = TSimd.Create(-scale), least = TSimd.Create(lse), subtracted = TSimd.Create(sum);
        for (nint key = 0; key < keys; key += TSimd.Width)
        {
            TVector weight = Power<TSimd, TVector>(TSimd.MultiplyAdd(TSimd.Load(score + key), factor, least));
            TSimd.Store(weight, score + key);
            TSimd.Store(TSimd.Multiply(weight, TSimd.Subtract(TSimd.Load(gradient + key), subtracted)), gradient + key);
        }
    }

    private void BiasedRow<TSimd, TVector>(float* score, float* gradient, float* added, float lse, float sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector factor = TSimd.Create(-scale), least = TSimd.Create(lse), subtracted = TSimd.Create(sum);
        for (nint key = 0; key < keys; key += TSimd.Width)
        {
            TVector exponent = TSimd.Subtract(least, TSimd.Load(added + key));
            TVector weight = Power<TSimd, TVector>(TSimd.MultiplyAdd(TSimd.Load(score + key), factor, exponent));
            TSimd.Store(weight, score + key);
            TSimd.Store(TSimd.Multiply(weight, TSimd.Subtract(TSimd.Load(gradient + key), subtracted)), gradient + key);
        }
    }

    // e⁻ˣ: the exponent is negative, so that one maximum limits it and lets NaN through.
    private static TVector Power<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        VectorExp.Exp2<TSimd, TVector>(
            TSimd.Subtract(default, TSimd.Max(TSimd.Create(-LargestExponent), TSimd.Multiply(x, TSimd.Create(VectorExp.Log2E)))));
}
