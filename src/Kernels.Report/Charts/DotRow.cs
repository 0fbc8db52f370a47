namespace Kernels.Report.Charts;

/// <summary>A row of a dot chart.</summary>
/// <param name="Kernel">The kernel that it belongs to.</param>
/// <param name="Label">What stands before it.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Value">Where its dot is.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Text">The value, written at the end of the row.</param>
/// <param name="Detail">What is written behind it.</param>
public sealed record DotRow(
    string Kernel, string Label, SeriesStyle Style, double Value, double Low, double High, string Text, string? Detail = null);
