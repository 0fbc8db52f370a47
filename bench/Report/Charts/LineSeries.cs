namespace Kernels.Bench.Report.Charts;

/// <summary>One kernel in a line chart.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Label">What stands at the end of its line.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Points">Its points by ascending length, at least one.</param>
public sealed record LineSeries(string Kernel, string Label, SeriesStyle Style, IReadOnlyList<LinePoint> Points);

/// <summary>A measured point with its interval.</summary>
/// <param name="Length">Sequence length.</param>
/// <param name="Value">Value on the other axis.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Hint">What is shown where the pointer rests.</param>
public sealed record LinePoint(double Length, double Value, double Low, double High, string Hint);

/// <summary>A line across a chart at one value.</summary>
/// <param name="Value">The value.</param>
/// <param name="Text">What it is; null where the axis says it.</param>
/// <param name="Strong">Whether it is the line to compare with.</param>
public sealed record ReferenceLine(double Value, string? Text, bool Strong);
