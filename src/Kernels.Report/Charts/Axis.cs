namespace Kernels.Report.Charts;

/// <summary>An axis with every tick that it can show; how many it shows is a matter of space and zoom.</summary>
/// <param name="Title">Name and unit.</param>
/// <param name="IsLogarithmic">Whether equal factors are equally far apart.</param>
/// <param name="Low">Value at its beginning.</param>
/// <param name="High">Value at its end.</param>
/// <param name="Ticks">The ticks, those with the lowest level the most important.</param>
public sealed record Axis(string Title, bool IsLogarithmic, double Low, double High, IReadOnlyList<Tick> Ticks)
{
    /// <summary>Ticks at 1, 2 and 5 of each decade, at more or at fewer as space allows.</summary>
    /// <param name="title">Name and unit.</param>
    /// <param name="values">What is to be seen, positive and at least one.</param>
    /// <param name="text">Formats a tick.</param>
    /// <param name="margin">Least factor between the outermost value and the end of the axis.</param>
    public static Axis Logarithmic(string title, IEnumerable<double> values, Func<double, string> text, double margin = 1.25)
    {
        (double low, double high) = Limits(values, margin, 0.05);
        return new(title, true, low, high, [.. DecimalTicks(low, high, text)]);
    }

    /// <summary>Ticks at powers of two, for bytes.</summary>
    public static Axis Binary(string title, IEnumerable<double> values, Func<double, string> text)
    {
        (double low, double high) = Limits(values, 1.25, 0.05);
        return new(title, true, low, high, [.. Between(Math.Log2(low), Math.Log2(high)).Select(power =>
            new Tick(Math.Pow(2, power), text(Math.Pow(2, power)), power % 8 == 0 ? 0 : power % 4 == 0 ? 1 : power % 2 == 0 ? 2 : 3))]);
    }

    /// <summary>Logarithmic; its ticks are the measured lengths, powers of two first, as readers expect them.</summary>
    public static Axis Lengths(string title, IEnumerable<double> lengths)
    {
        double[] distinct = [.. lengths.Distinct().OrderByDescending(double.IsPow2).ThenBy(length => length)];
        (double low, double high) = Limits(distinct, 1.02, 0.035);
        return new(title, true, low, high, [.. distinct.Select((length, level) => new Tick(length, Formatting.Numbers.Length(length), level))]);
    }

    /// <summary>Linear from zero, or from another value, ticks at multiples of 10, 5, 1 and so on.</summary>
    public static Axis Linear(string title, double high, Func<double, string> text, double low = 0)
    {
        double step = Math.Pow(10, Math.Floor(Math.Log10(high - low)));
        var ticks = new SortedDictionary<double, Tick>();
        foreach ((int level, int parts) in new[] { 1, 2, 10, 20 }.Index())
        {
            for (double part = Math.Ceiling(low * parts / step); part * step / parts <= high && ticks.Count < 100; part++)
                ticks.TryAdd(part * step / parts, new Tick(part * step / parts, text(part * step / parts), level));
        }
        return new(title, false, low, high, [.. ticks.Values]);
    }

    /// <summary>The place of a value where equal distances are equally long.</summary>
    public double At(double value) => IsLogarithmic ? Math.Log10(value) : value;

    /// <summary>The ticks for an axis of so many pixels, at least <paramref name="space"/> apart: whole levels, the important ones first.</summary>
    public IReadOnlyList<Tick> Fitting(double pixels, double space)
    {
        double least = space * (At(High) - At(Low)) / pixels;
        List<Tick> fitting = [];
        foreach (IGrouping<int, Tick> level in Ticks.Where(tick => tick.Value >= Low && tick.Value <= High)
            .GroupBy(tick => tick.Level).OrderBy(same => same.Key))
        {
            List<Tick> more = [.. fitting.Concat(level).OrderBy(tick => tick.Value)];
            if (more.Zip(more.Skip(1)).All(pair => At(pair.Second.Value) - At(pair.First.Value) >= least))
                fitting = more;
        }
        return fitting;
    }

    private static (double Low, double High) Limits(IEnumerable<double> values, double margin, double share)
    {
        (double low, double high) = (values.Min(), values.Max());
        double factor = Math.Max(margin, Math.Pow(high / low, share));
        return (low / factor, high * factor);
    }

    private static IEnumerable<Tick> DecimalTicks(double low, double high, Func<double, string> text) =>
        from decade in Between(Math.Log10(low), Math.Log10(high))
        from factor in new[] { 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9 }
        let level = factor switch { 1 => decade % 6 == 0 ? 0 : decade % 3 == 0 ? 1 : 2, 2 or 5 => 3, 1.5 or 3 or 7 => 4, _ => 5 }
        let value = factor * Math.Pow(10, decade)
        where value >= low && value <= high
        select new Tick(value, text(value), level);

    private static IEnumerable<int> Between(double low, double high) => Enumerable.Range((int)Math.Floor(low), (int)high - (int)Math.Floor(low) + 2);
}

/// <summary>A tick of an axis.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Text">Its label.</param>
/// <param name="Level">Ticks of a level are shown all or none; those of lower levels first.</param>
public sealed record Tick(double Value, string Text, int Level);
