namespace Kernels.Report.Charts;

/// <summary>A logarithmic axis whose ticks are the measured lengths, as many as space allows.</summary>
public sealed class LengthScale : Scale
{
    private const double SpaceOfTick = 44;

    private readonly LogScale scale;

    /// <summary>Maps the lengths, ascending, to pixels, with margins so that no marker touches the frame.</summary>
    public LengthScale(IReadOnlyList<double> lengths, double from, double to)
    {
        double margin = Math.Max(1.02, Math.Pow(lengths[^1] / lengths[0], 0.035));
        scale = new LogScale(lengths[0] / margin, lengths[^1] * margin, from, to);
        var ticks = new List<double>();
        // Powers of two first, as readers expect them.
        foreach (double length in lengths.OrderByDescending(length => double.IsPow2(length)).ThenBy(length => length))
        {
            if (ticks.TrueForAll(tick => Math.Abs(scale.At(tick) - scale.At(length)) >= SpaceOfTick))
                ticks.Add(length);
        }
        Ticks = [.. ticks.Order()];
        MinorTicks = [.. lengths.Except(ticks)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Ticks { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<double> MinorTicks { get; }

    /// <inheritdoc/>
    public override double At(double value) => scale.At(value);
}
