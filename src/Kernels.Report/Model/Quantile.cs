namespace Kernels.Report.Model;

/// <summary>Quantiles by linear interpolation between the two nearest values.</summary>
internal static class Quantile
{
    /// <summary>The value below which <paramref name="share"/> of the numbers are.</summary>
    /// <param name="sorted">Ascending, at least one.</param>
    /// <param name="share">0 to 1.</param>
    public static double Of(IReadOnlyList<double> sorted, double share)
    {
        double place = share * (sorted.Count - 1);
        int below = (int)place;
        return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Count - 1)] - sorted[below]);
    }
}
