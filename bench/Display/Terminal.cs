using Spectre.Console;

namespace Kernels.Bench.Display;

/// <summary>Writes to whatever the output is: framed tables on a terminal; elsewhere plain columns, however long, so that nothing is cut.</summary>
internal sealed class Terminal(TextWriter output)
{
    /// <summary>A console on <paramref name="output"/>. What is piped or kept in a file has lines of any length.</summary>
    public static IAnsiConsole For(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = short.MaxValue;
        return console;
    }

    /// <summary>A table whose look suits that console.</summary>
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
        // The last column is padded with blanks that a file or pipe has no use for.
        output.Write(string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd())));
    }
}
