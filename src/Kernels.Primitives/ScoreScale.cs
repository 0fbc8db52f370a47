namespace Kernels.Primitives;

/// <summary>
/// How kernels that use 2ˣ apply the scale of a problem: its sign to the queries, so that the largest product is the largest score, and its
/// magnitude to the difference from the maximum. Applying the magnitude to the queries would round large scores once more; where scores
/// tie, such errors do not average out.
/// </summary>
public static class ScoreScale
{
    /// <summary>Factor of the queries: −1, 0 or 1.</summary>
    public static float OfQueries(float scale) => MathF.Sign(scale);

    /// <summary>
    /// Factor of score − max, positive, in units of log₂ e. With a scale of zero all products are zero, and any factor does.
    /// </summary>
    public static float OfDifferences(float scale) => scale == 0 ? 1 : MathF.Abs(scale) * VectorExp.Log2E;
}
