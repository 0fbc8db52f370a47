using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>
/// The gradients of one row through a norm (<see cref="NormBackward"/>), in three passes over it while it is in the first-level cache: mean; squares and the two sums
/// over h = dy∘gain; gradients.
/// </summary>
internal unsafe struct NormGradients : IVectorKernel
{
    /// <summary>[width].</summary>
    public required float* X { get; init; }

    /// <summary>[width].</summary>
    public required float* Gain { get; init; }

    /// <summary>Of the output, [width].</summary>
    public required float* Gradient { get; init; }

    /// <summary>Of x, [width].</summary>
    public required float* Output { get; init; }

    /// <summary>[width], to which dy∘x̂ is added.</summary>
    public required float* GainSums { get; init; }

    /// <summary>[width], to which dy is added; null without a bias.</summary>
    public required float* BiasSums { get; init; }

    /// <summary>Numbers of the row.</summary>
    public required int Width { get; init; }

    /// <summary>Whether no mean is subtracted.</summary>
    public required bool RootMeanSquare { get; init; }

    /// <summary>Added to the variance.</summary>
    public required float Epsilon { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        float mean = RootMeanSquare ? 0 : Mean<TSimd, TVector>();
        TVector means = TSimd.Create(mean), squares = default, sums = default, products = default;
        int c;
        for (c = 0; c <= Width - TSimd.Width; c += TSimd.Width)
        {
            TVector centred = TSimd.Subtract(TSimd.Load(X + c), means), h = TSimd.Multiply(TSimd.Load(Gradient + c), TSimd.Load(Gain + c));
            squares = TSimd.MultiplyAdd(centred, centred, squares);
            sums = TSimd.Add(sums, h);
            products = TSimd.MultiplyAdd(h, centred, products);
        }
        float square = TSimd.SumAcross(squares), sum = TSimd.SumAcross(sums), product = TSimd.SumAcross(products);
        for (; c < Width; c++)
        {
            float centred = X[c] - mean, h = Gradient[c] * Gain[c];
            square += centred * centred;
            sum += h;
            product += h * centred;
        }
        float factor = 1 / MathF.Sqrt(square / Width + Epsilon);
        Write<TSimd, TVector>(mean, factor, RootMeanSquare ? 0 : sum / Width, product * factor / Width);
    }

    private readonly float Mean<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector sums = default;
        int c = 0;
        for (; c <= Width - TSimd.Width; c += TSimd.Width)
            sums = TSimd.Add(sums, TSimd.Load(X + c));
        float sum = TSimd.SumAcross(sums);
        for (; c < Width; c++)
            sum += X[c];
        return sum / Width;
    }

    // dx = r·(h − mean(h) − x̂·mean(h∘x̂)).
    private readonly void Write<TSimd, TVector>(float mean, float factor, float meanOfGradient, float meanOfProduct)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector means = TSimd.Create(mean), factors = TSimd.Create(factor), subtracted = TSimd.Create(meanOfGradient), products = TSimd.Create(-meanOfProduct);
        int c = 0;
        for (; c <= Width - TSimd.Width; c += TSimd.Width)
        {
            TVector dy = TSimd.Load(Gradient + c), normed = TSimd.Multiply(TSimd.Subtract(TSimd.Load(X + c), means), factors);
            TVector h = TSimd.Subtract(TSimd.Multiply(dy, TSimd.Load(Gain + c)), subtracted);
            TSimd.Store(TSimd.Multiply(factors, TSimd.MultiplyAdd(normed, products, h)), Output + c);
            TSimd.Store(TSimd.MultiplyAdd(dy, normed, TSimd.Load(GainSums + c)), GainSums + c);
            if (BiasSums != null)
                TSimd.Store(TSimd.Add(dy, TSimd.Load(BiasSums + c)), BiasSums + c);
        }
        for (; c < Width; c++)
        {
            float dy = Gradient[c], normed = (X[c] - mean) * factor;
            Output[c] = factor * (dy * Gain[c] - meanOfGradient - normed * meanOfProduct);
            GainSums[c] += dy * normed;
            if (BiasSums != null)
                BiasSums[c] += dy;
        }
    }
}
