namespace Kernels.Report.Charts;

/// <summary>Names of chart files.</summary>
public static class FileNames
{
    /// <summary>
    /// Keeps letters, digits, dot, plus and hyphen, which are safe in every file system and URL; joins the parts with hyphens.
    /// </summary>
    public static string Of(params string?[] parts) =>
        string.Concat(string.Join('-', parts.Where(part => !string.IsNullOrEmpty(part)))
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '-' ? c : '.'));
}
