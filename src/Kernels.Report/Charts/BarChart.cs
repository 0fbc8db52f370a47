namespace Kernels.Report.Charts;

/// <summary>Groups of bars from zero, one group for each length and one bar for each kernel, with the value on each bar.</summary>
public sealed record BarChart : Drawing
{
    /// <summary>Title of the horizontal axis.</summary>
    public required string LengthTitle { get; init; }

    /// <summary>The lengths, one for each group, ascending.</summary>
    public required IReadOnlyList<int> Lengths { get; init; }

    /// <summary>Vertical axis, from zero.</summary>
    public required Axis Vertical { get; init; }

    /// <summary>The bars of each kernel: X of a point is one of the lengths. At least one kernel; the first is on the left in each group.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>Opacity of the bars of each kernel, 0 to 1: kernels of a family share a colour.</summary>
    public required IReadOnlyList<double> Fills { get; init; }

    /// <summary>Value of a horizontal line, such as a ceiling; null where there is none.</summary>
    public double? Ceiling { get; init; }

    /// <summary>Its label.</summary>
    public string? CeilingText { get; init; }
}
