namespace Kernels.Report.Charts;

/// <summary>A row of a dot chart.</summary>
/// <param name="Kernel">The kernel that it belongs to.</param>
/// <param name="Label">Label in front of the row.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Value">Position of its dot.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Text">The value, written at the end of the row.</param>
/// <param name="Detail">Text behind the value.</param>
public sealed record DotRow(
    string Kernel, string Label, SeriesStyle Style, double Value, double Low, double High, string Text, string? Detail = null);
