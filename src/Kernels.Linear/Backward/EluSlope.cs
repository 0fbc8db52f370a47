using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>Gradients of features become those of x: times φ′(x), the smaller of 1 and φ(x).</summary>
internal static unsafe class EluSlope
{
    /// <summary>destination = gradients · factor ∘ φ′.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="channels">Channels of a row of the destination.</param>
    /// <param name="gradients">[rows, stride], overwritten.</param>
    /// <param name="features">φ(x), [rows, stride].</param>
    /// <param name="stride">Channels, rounded up to whole vectors.</param>
    /// <param name="factors">[rows]; null for 1.</param>
    /// <param name="destination">[rows, channels], contiguous.</param>
    public static void Apply<TSet>(int rows, int channels, float* gradients, float* features, int stride, float* factors, float* destination)
        where TSet : struct, IInstructionSet
    {
        var slopes = new Slopes(rows, channels, gradients, features, stride, factors, destination);
        TSet.Run(ref slopes);
    }

    private readonly struct Slopes(int rows, int channels, float* gradients, float* features, int stride, float* factors, float* destination) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            TVector minusOne = TSimd.Create(-1);
            int whole = channels / TSimd.Width * TSimd.Width;
            for (int row = 0; row < rows; row++)
            {
                float* gradient = gradients + row * stride, feature = features + row * stride, target = destination + (nint)row * channels;
                TVector factor = TSimd.Create(factors == null ? 1 : factors[row]);
                for (int c = 0; c < stride; c += TSimd.Width)
                {
                    // −max(−1, −φ): NaN comes second, so that it propagates.
                    TVector slope = TSimd.Subtract(default, TSimd.Max(minusOne, TSimd.Subtract(default, TSimd.Load(feature + c))));
                    TVector result = TSimd.Multiply(TSimd.Multiply(TSimd.Load(gradient + c), factor), slope);
                    TSimd.Store(result, c < whole ? target + c : gradient + c);
                }
                for (int c = whole; c < channels; c++)
                    target[c] = gradient[c];
            }
        }
    }
}
