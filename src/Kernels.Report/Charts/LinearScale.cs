namespace Kernels.Report.Charts;

/// <summary>A linear axis from zero with ticks at multiples of 1, 2 or 5.</summary>
public sealed class LinearScale : Scale
{
    private const double SpaceOfTick = 44;

    private readonly double high, from, to;

    /// <summary>Maps 0 … <paramref name="high"/> to pixels.</summary>
    public LinearScale(double high, double from, double to)
    {
        (this.high, this.from, this.to) = (high, from, to);
        double step = NiceStep(high / Math.Max(1, Math.Abs(to - from) / SpaceOfTick));
        Ticks = [.. Enumerable.Range(0, (int)(high / step) + 1).Select(index => index * step)];
        MinorTicks = [.. Ticks.Select(tick => tick + step / 2).Where(tick => tick <= high)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Ticks { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<double> MinorTicks { get; }

    /// <inheritdoc/>
    public override double At(double value) => from + (to - from) * value / high;

    private static double NiceStep(double atLeast)
    {
        double decade = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        return new[] { 1, 2, 5, 10 }.Select(factor => factor * decade).First(step => step >= atLeast * 0.999);
    }
}
