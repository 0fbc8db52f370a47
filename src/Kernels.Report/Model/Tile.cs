namespace Kernels.Report.Model;

/// <summary>One figure of the summary.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Value">The figure.</param>
/// <param name="Detail">Its context.</param>
/// <param name="IsBad">Whether it reports a problem.</param>
public sealed record Tile(string Title, string Value, string Detail, bool IsBad = false);
