using System.Text;

namespace Kernels.Report.Formatting;

/// <summary>Markdown tables and text.</summary>
internal static class Markdown
{
    /// <summary>A table; the cells are written as they are.</summary>
    public static string Table(string[] headings, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder();
        text.Append($"| {string.Join(" | ", headings)} |\n|{string.Concat(Enumerable.Repeat(" --- |", headings.Length))}\n");
        foreach (string[] row in rows)
            text.Append($"| {string.Join(" | ", row)} |\n");
        return text.ToString();
    }

    /// <summary>Text of results, so that it neither ends a cell nor formats anything.</summary>
    public static string Escape(string text) => OneLine(text)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);

    /// <summary>Text on one line.</summary>
    public static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
