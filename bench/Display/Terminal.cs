using Spectre.Console;

namespace Kernels.Bench.Display;

/// <summary>Framed tables on a terminal; in files and pipes plain columns of any width, so that nothing is cut.</summary>
internal sealed class Terminal(TextWriter output)
{
    /// <summary>A console on <paramref name="output"/>. In files and pipes lines have any length.</summary>
    public static IAnsiConsole For(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = short.MaxValue;
        return console;
    }

    /// <summary>Writes a table of plain text.</summary>
    public void WriteTable(string[] columns, IEnumerable<string[]> rows)
    {
        string[][] cells = [.. rows];
        if (new AnsiConsoleOutput(output).IsTerminal)
        {
            WriteFramed(For(output), columns, cells);
            return;
        }
        using var text = new StringWriter();
        Table table = new Table().Border(TableBorder.None);
        foreach (string column in columns)
            table.AddColumn(new TableColumn(new Text(column)).NoWrap().PadRight(2));
        Fill(table, cells);
        For(text).Write(table);
        // Removes the padding of the last column.
        output.Write(string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd())));
    }

    /// <summary>
    /// A framed table; where the console is too narrow for its longest words, each row as a line with its first cell and the others below.
    /// </summary>
    internal static void WriteFramed(IAnsiConsole console, string[] columns, string[][] rows)
    {
        if (ColumnWidths.Fit([columns, .. rows], console.Profile.Width) is { } widths)
        {
            Table table = new Table().Border(TableBorder.Rounded);
            foreach ((string column, int width) in columns.Zip(widths))
                table.AddColumn(new TableColumn(new Text(column)) { Width = width });
            console.Write(Fill(table, rows));
            return;
        }
        foreach (string[] row in rows)
        {
            console.Write(new Text(row[0] + "\n"));
            foreach ((string column, string cell) in columns.Zip(row).Skip(1).Where(pair => pair.Second != ""))
                console.Write(new Padder(new Text($"{column}: {cell}".TrimStart(':', ' ')), new Padding(2, 0, 0, 0)));
        }
    }

    private static Table Fill(Table table, string[][] rows)
    {
        foreach (string[] row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        return table;
    }
}
