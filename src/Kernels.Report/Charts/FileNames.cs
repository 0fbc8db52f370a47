using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>Names of chart files.</summary>
public static class FileNames
{
    /// <summary>The parts joined with hyphens, as <see cref="FileName"/> makes it safe and short.</summary>
    public static string Of(params string?[] parts) => FileName.Of(string.Join('-', parts.Where(part => !string.IsNullOrEmpty(part))));
}
