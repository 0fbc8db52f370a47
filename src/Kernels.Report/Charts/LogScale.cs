namespace Kernels.Report.Charts;

/// <summary>A logarithmic axis with ticks at 1, 2, 5 of each decade; at more or only at decades, as space allows.</summary>
public sealed class LogScale : Scale
{
    private readonly double low, high, from, to;

    /// <summary>
    /// Maps <paramref name="low"/> … <paramref name="high"/>, both positive, to pixels; a tick's label needs
    /// <paramref name="space"/> pixels along the axis.
    /// </summary>
    public LogScale(double low, double high, double from, double to, double space = 22)
    {
        (this.low, this.high, this.from, this.to) = (low, high, from, to);
        double pixelsPerDecade = Math.Abs(to - from) / Math.Log10(high / low);
        int step = (int)Math.Max(1, Math.Ceiling(space / pixelsPerDecade));
        // The narrowest gap decides: from 1.5 to 2 it is 0.125 of a decade, from 1 to 2 it is 0.3.
        (Ticks, MinorTicks) =
            pixelsPerDecade * 0.125 >= space ? ([.. Multiples([1, 1.5, 2, 3, 5, 7])], [.. Multiples([4, 6, 8, 9])])
            : pixelsPerDecade * 0.3 >= space ? ([.. Multiples([1, 2, 5])], [.. Multiples([3, 4, 6, 7, 8, 9])])
            : ((double[])[.. Multiples([1], step)], (double[])[.. Multiples([2, 5])]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Ticks { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<double> MinorTicks { get; }

    /// <inheritdoc/>
    public override double At(double value) => from + (to - from) * Math.Log(value / low) / Math.Log(high / low);

    private IEnumerable<double> Multiples(double[] factors, int step = 1)
    {
        for (int decade = (int)Math.Floor(Math.Log10(low)); decade <= Math.Log10(high); decade++)
        {
            foreach (double factor in factors)
            {
                double tick = factor * Math.Pow(10, decade);
                if (tick >= low && tick <= high && decade % step == 0)
                    yield return tick;
            }
        }
    }
}
