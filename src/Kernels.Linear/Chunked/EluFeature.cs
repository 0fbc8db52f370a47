using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>The feature map φ(x) = elu(x) + 1: x + 1 above zero, eˣ below.</summary>
internal static unsafe class EluFeature
{
    public static float Of(float x) => x > 0 ? x + 1 : MathF.Exp(x);

    /// <summary>φ of rows, each padded with zeros to whole vectors.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="channels">Channels of a row of the source.</param>
    /// <param name="source">[rows, channels], contiguous.</param>
    /// <param name="destination">[rows, stride].</param>
    /// <param name="stride">Channels, rounded up to whole vectors.</param>
    public static void Apply<TSet>(int rows, int channels, float* source, float* destination, int stride)
        where TSet : struct, IInstructionSet
    {
        var rowsOfKeys = new Features(rows, channels, source, destination, stride);
        TSet.Run(ref rowsOfKeys);
    }

    private static TVector Of<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // The sum is x + e⁰ or 0 + eˣ. x comes second in Max so that NaN propagates.
        TVector positive = TSimd.Max(default, x);
        return TSimd.Add(positive, VectorExp.Exp<TSimd, TVector>(TSimd.Subtract(x, positive)));
    }

    private readonly struct Features(int rows, int channels, float* source, float* destination, int stride) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            float* from = source, to = destination;
            int whole = channels / TSimd.Width * TSimd.Width;
            for (int row = 0; row < rows; row++, from += channels, to += stride)
            {
                for (int c = 0; c < whole; c += TSimd.Width)
                    TSimd.Store(Of<TSimd, TVector>(TSimd.Load(from + c)), to + c);
                if (whole == channels)
                    continue;
                float* last = to + whole;
                TSimd.Store(default, last);
                for (int c = whole; c < channels; c++)
                    to[c] = from[c];
                TSimd.Store(Of<TSimd, TVector>(TSimd.Load(last)), last);
                // φ(0) is 1, but padding must add 0 to sums.
                new Span<float>(to + channels, stride - channels).Clear();
            }
        }
    }
}
