namespace Kernels.Report.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Kernel">The kernel that it is of; null for something else, such as a property of the problem.</param>
/// <param name="Label">What stands at the end of its line.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Points">Its points in the order of sequence length, at least one.</param>
/// <param name="IsFaint">Whether it stands back, so that the lines that matter most are seen first.</param>
public sealed record LineSeries(
    string? Kernel, string Label, SeriesStyle Style, IReadOnlyList<LinePoint> Points, bool IsFaint = false);

/// <summary>A point with its interval.</summary>
/// <param name="X">Value on the horizontal axis, such as the sequence length.</param>
/// <param name="Value">Value on the vertical axis.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Hint">What is shown where the pointer rests.</param>
public sealed record LinePoint(double X, double Value, double Low, double High, string Hint);

/// <summary>A line across a chart at one value.</summary>
/// <param name="Value">The value.</param>
/// <param name="Text">What it is; null where the axis says it.</param>
public sealed record ReferenceLine(double Value, string? Text);
