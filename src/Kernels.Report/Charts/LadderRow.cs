namespace Kernels.Report.Charts;

/// <summary>A row of a ladder chart.</summary>
/// <param name="Kernel">Its name.</param>
/// <param name="Depth">Number of kernels below it in the ladder.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="From">Index of the row that it builds on; null for the lowest.</param>
/// <param name="Value">Its speed.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Gain">Its gain, written behind the plot.</param>
/// <param name="Idea">Its idea in one line.</param>
/// <param name="Difference">Operation and format where they differ from those of the row above; otherwise empty.</param>
public sealed record LadderRow(
    string Kernel, int Depth, SeriesStyle Style, int? From, double Value, double Low, double High, string Gain, string Idea,
    string Difference);
