namespace Kernels.Bench.Display;

/// <summary>Widths of the columns of a framed table in which no word is split.</summary>
internal static class ColumnWidths
{
    // The line beside a column and a blank on each of its sides.
    private const int Frame = 3;

    /// <summary>A width for each column, in a table of at most <paramref name="width"/>; null when the longest words do not fit.</summary>
    public static int[]? Fit(IReadOnlyList<string[]> rows, int width)
    {
        int[] least = Longest(rows, ' ', '\n'), most = Longest(rows, '\n');
        int free = width - 1 - Frame * least.Length - least.Sum(), wanted = most.Sum() - least.Sum();
        return free < 0 ? null
            : wanted <= free ? most
            : [.. least.Zip(most, (few, many) => few + (int)((long)(many - few) * free / wanted))];
    }

    private static int[] Longest(IReadOnlyList<string[]> rows, params char[] separators) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Split(separators).Max(part => part.Length)))];
}
