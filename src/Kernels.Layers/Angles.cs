namespace Kernels.Layers;

/// <summary>
/// Sines and cosines of the angles position · base^(−2·pair/width), of one position after another. Those of a first position come from the library; those of each one
/// after it from the one before by the addition theorem, sin(a + w) = sin a·cos w + cos a·sin w, in float64: 63 turns add less than 10⁻¹⁴ to the error.
/// </summary>
/// <param name="turns">Memory, [<paramref name="pairs"/>, <see cref="OfPair"/>].</param>
/// <param name="pairs">Pairs of channels.</param>
/// <param name="width">Channels.</param>
/// <param name="wavelengths">The base.</param>
internal readonly unsafe struct Angles(double* turns, int pairs, int width, double wavelengths)
{
    /// <summary>Positions that one start from the library serves, whose functions take far longer than a turn.</summary>
    public const int Positions = 64;

    /// <summary>Numbers of a pair: sine and cosine of its angle, and of what it grows by from position to position.</summary>
    public const int OfPair = 4;

    /// <summary>Begins with a position.</summary>
    public void Begin(int position)
    {
        for (int pair = 0; pair < pairs; pair++)
        {
            double* own = turns + pair * OfPair;
            double angle = Math.Pow(wavelengths, -2.0 * pair / width);
            (own[0], own[1]) = Math.SinCos(position * angle);
            (own[2], own[3]) = Math.SinCos(angle);
        }
    }

    /// <summary>Goes on to the next position.</summary>
    public void Turn()
    {
        for (int pair = 0; pair < pairs; pair++)
        {
            double* own = turns + pair * OfPair;
            (own[0], own[1]) = (own[0] * own[3] + own[1] * own[2], own[1] * own[3] - own[0] * own[2]);
        }
    }

    /// <summary>Sine of a pair at the position.</summary>
    public float Sin(int pair) => (float)turns[pair * OfPair];

    /// <summary>Cosine of a pair at the position.</summary>
    public float Cos(int pair) => (float)turns[pair * OfPair + 1];
}
