using System.Runtime.CompilerServices;

namespace Kernels.Reference;

/// <summary>
/// A sum in order, with the variance of its rounding to float32. Roundings of different addends are independent; addends that differ by less
/// than the sum resolves round the same way for as long as the sum keeps its exponent, so that their errors add up instead of their variances.
/// </summary>
internal struct OrderedSum
{
    private const double Resolution = RoundingNoise.Epsilon / 4;

    private double previous;
    private double alike;

    /// <summary>The sum so far.</summary>
    public double Value { get; private set; }

    /// <summary>Variance of the error, in units of <see cref="RoundingNoise.Rounding"/>².</summary>
    public double Variance { get; private set; }

    /// <summary>Adds a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double addend)
    {
        double sum = Value + addend, error = Math.Abs(sum);
        bool again = Math.Abs(addend - previous) <= Resolution * error && SameExponent(sum, Value);
        // (alike + error)² − alike² where the error goes on in the direction of those before it.
        Variance += error * error + (again ? 2 * alike * error : 0);
        alike = again ? alike + error : error;
        (Value, previous) = (sum, addend);
    }

    private static bool SameExponent(double a, double b) =>
        (BitConverter.DoubleToInt64Bits(a) ^ BitConverter.DoubleToInt64Bits(b)) >> 52 == 0;
}
