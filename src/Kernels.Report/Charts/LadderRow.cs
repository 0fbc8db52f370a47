namespace Kernels.Report.Charts;

/// <summary>A row of a ladder chart.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Depth">How many kernels it builds on, one on the other.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="From">Index of the row that it builds on; null for a first one.</param>
/// <param name="Value">Its speed.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Gain">What it won, written behind the plot.</param>
/// <param name="Idea">What it does, in a line.</param>
/// <param name="Difference">What it computes where that is another operation or format than the one above it; else empty.</param>
public sealed record LadderRow(
    string Kernel, int Depth, SeriesStyle Style, int? From, double Value, double Low, double High, string Gain, string Idea,
    string Difference);
