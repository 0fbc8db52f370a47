namespace Kernels.Primitives;

/// <summary>Writes finished output rows.</summary>
public static unsafe class OutputRow
{
    /// <summary>destination = source · factor.</summary>
    /// <param name="source">Sums of one row, padded to whole vectors.</param>
    /// <param name="factor">Reciprocal of the sum of the row's weights.</param>
    /// <param name="destination">The row of the output, [channels]; not a float more is written.</param>
    public static void Write<TSimd, TVector>(float* source, float factor, Span<float> destination)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int whole = destination.Length / TSimd.Width * TSimd.Width;
        fixed (float* place = destination)
        {
            for (int c = 0; c < whole; c += TSimd.Width)
                TSimd.Store(TSimd.Multiply(TSimd.Load(source + c), TSimd.Create(factor)), place + c);
        }
        for (int c = whole; c < destination.Length; c++)
            destination[c] = source[c] * factor;
    }
}
