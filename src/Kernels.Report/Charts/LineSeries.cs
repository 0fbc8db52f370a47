namespace Kernels.Report.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Kernel">Its kernel; null for other data, such as a property of the problem.</param>
/// <param name="Label">Label at the end of the line.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Points">Its points in the order of sequence length, at least one.</param>
/// <param name="IsFaint">Whether it is drawn faint, so that the main lines stand out.</param>
public sealed record LineSeries(
    string? Kernel, string Label, SeriesStyle Style, IReadOnlyList<LinePoint> Points, bool IsFaint = false);

/// <summary>A point with its interval.</summary>
/// <param name="X">Value on the horizontal axis, such as the sequence length.</param>
/// <param name="Value">Value on the vertical axis.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Hint">Tooltip.</param>
public sealed record LinePoint(double X, double Value, double Low, double High, string Hint);

/// <summary>A line across a chart at one value.</summary>
/// <param name="Value">The value.</param>
/// <param name="Text">Its label; null where the axis explains it.</param>
public sealed record ReferenceLine(double Value, string? Text);
