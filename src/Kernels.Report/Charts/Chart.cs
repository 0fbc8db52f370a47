namespace Kernels.Report.Charts;

/// <summary>A chart: part of the page, and separate files.</summary>
/// <param name="FileName">Name of its files without ending, unique in a report and safe on every file system.</param>
/// <param name="Drawing">What it shows.</param>
/// <param name="Caption">Explanation below it.</param>
public sealed record Chart(string FileName, Drawing Drawing, string Caption);
