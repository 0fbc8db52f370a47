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

    /// <summary>A table in the style of that console.</summary>
    public static Table TableFor(IAnsiConsole console, params string[] columns)
    {
        bool terminal = console.Profile.Out.IsTerminal;
        Table table = new Table().Border(terminal ? TableBorder.Rounded : TableBorder.None);
        foreach (string column in columns)
            table.AddColumn(terminal ? new TableColumn(new Text(column)) : new TableColumn(new Text(column)).NoWrap().PadRight(2));
        return table;
    }

    /// <summary>Writes a table of plain text.</summary>
    public void WriteTable(string[] columns, IEnumerable<string[]> rows)
    {
        bool terminal = new AnsiConsoleOutput(output).IsTerminal;
        using var text = new StringWriter();
        IAnsiConsole console = For(terminal ? output : text);
        Table table = TableFor(console, columns);
        foreach (string[] row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        console.Write(table);
        // Removes the padding of the last column.
        output.Write(string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd())));
    }
}
