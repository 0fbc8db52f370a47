using Kernels.Report.Formatting;

namespace Kernels.Report.Files;

/// <summary>
/// Markdown in at most <see cref="MostLines"/> lines: blocks in their order as long as they fit, of a longer one the first rows, and the
/// rest folded, as GitHub and GitLab show it.
/// </summary>
internal sealed class MarkdownBlocks
{
    /// <summary>Lines that are not folded.</summary>
    public const int MostLines = 60;

    // Fewer rows of a table say nothing.
    private const int FewestRows = 3;

    // The line that opens the folded part, the one that closes it, and a note with a blank line on each side.
    private const int FoldLines = 6;

    private readonly List<(string[] Beginning, string[] Rows)> blocks = [];

    /// <summary>Adds text that is shown whole or not at all, and lines after it, of which the first may be shown alone.</summary>
    public void Add(string beginning, IEnumerable<string> rows) => blocks.Add((beginning.Split('\n'), [.. rows]));

    /// <summary>Adds a table, with a title above it unless that is null.</summary>
    public void AddTable(string? title, string[] headings, IEnumerable<string[]> rows)
    {
        string[] lines = Markdown.Table(headings, rows).TrimEnd('\n').Split('\n');
        Add($"{(title is null ? "" : $"{title}\n\n")}{lines[0]}\n{lines[1]}", lines.Skip(2));
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        List<string> shown = [], folded = [];
        foreach ((string[] beginning, string[] rows) in blocks)
        {
            int room = MostLines - FoldLines - shown.Count - beginning.Length - 1;
            if (folded.Count == 0 && room >= rows.Length)
                shown.AddRange([.. beginning, .. rows, ""]);
            else
            {
                if (folded.Count == 0 && room >= FewestRows)
                    shown.AddRange([.. beginning, .. rows.Take(room), "", $"The first {room} of {rows.Length} rows; all are below.", ""]);
                folded.AddRange([.. beginning, .. rows, ""]);
            }
        }
        if (folded.Count > 0)
            shown.AddRange(["<details><summary>All cases and tables</summary>", "", .. folded, "</details>"]);
        return string.Join('\n', shown).TrimEnd('\n') + "\n";
    }
}
