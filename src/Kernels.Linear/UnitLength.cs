using System.Numerics.Tensors;

namespace Kernels.Linear;

/// <summary>Vectors of length 1.</summary>
internal static class UnitLength
{
    // Squares far from where float32 overflows, or loses digits to underflow.
    private const float Smallest = 1e-20f, Largest = 1e30f;

    /// <summary>1/|x|, and 0 for a vector of zeros.</summary>
    public static float Factor(ReadOnlySpan<float> x)
    {
        float squares = TensorPrimitives.SumOfSquares(x);
        return squares is >= Smallest and <= Largest ? 1 / MathF.Sqrt(squares) : Careful(x);
    }

    private static float Careful(ReadOnlySpan<float> x)
    {
        double squares = 0;
        foreach (float number in x)
            squares += (double)number * number;
        return squares == 0 ? 0 : (float)(1 / Math.Sqrt(squares));
    }
}
