namespace Kernels.Report.Charts;

/// <summary>A logarithmic axis with ticks at powers of two, every one, second, fifth or tenth as space allows.</summary>
public sealed class BinaryScale : Scale
{
    private const double SpaceOfTick = 22;

    private static readonly int[] Steps = [1, 2, 5, 10];

    private readonly LogScale scale;

    /// <summary>Maps <paramref name="low"/> … <paramref name="high"/>, both positive, to pixels.</summary>
    public BinaryScale(double low, double high, double from, double to)
    {
        scale = new LogScale(low, high, from, to);
        double pixelsPerDoubling = Math.Abs(to - from) / Math.Log2(high / low);
        int step = Steps.FirstOrDefault(step => step * pixelsPerDoubling >= SpaceOfTick, Steps[^1]);
        int first = (int)Math.Ceiling(Math.Log2(low));
        int[] powers = [.. Enumerable.Range(first, Math.Max(0, (int)Math.Floor(Math.Log2(high)) - first + 1))];
        Ticks = [.. powers.Where(power => power % step == 0).Select(power => Math.Pow(2, power))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Ticks { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<double> MinorTicks => [];

    /// <inheritdoc/>
    public override double At(double value) => scale.At(value);
}
