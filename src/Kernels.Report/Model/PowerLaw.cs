namespace Kernels.Report.Model;

/// <summary>Fits y = c·xᵖ by least squares on the logarithms.</summary>
public static class PowerLaw
{
    /// <summary>The exponent p; null when the points have fewer than two different x.</summary>
    public static double? Exponent(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Select(point => point.X).Distinct().Count() < 2)
            return null;
        double meanX = points.Average(point => Math.Log(point.X));
        double meanY = points.Average(point => Math.Log(point.Y));
        double covariance = points.Sum(point => (Math.Log(point.X) - meanX) * (Math.Log(point.Y) - meanY));
        double variance = points.Sum(point => Math.Pow(Math.Log(point.X) - meanX, 2));
        return covariance / variance;
    }
}
