using Spectre.Console;

namespace Kernels.Bench.Commands;

/// <summary>Writes tables to whatever the output is: framed on a terminal; elsewhere in plain columns, however long, so that nothing is cut.</summary>
internal sealed class Terminal(TextWriter output)
{
    private readonly bool framed = new AnsiConsoleOutput(output).IsTerminal;

    /// <summary>Writes a table with the given heads of columns.</summary>
    public void WriteTable(string[] columns, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(framed ? TableBorder.Rounded : TableBorder.None);
        foreach (string column in columns)
            table.AddColumn(framed ? new TableColumn(new Text(column)) : new TableColumn(new Text(column)).NoWrap());
        foreach (string[] row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        if (framed)
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }).Write(table);
        else
            output.Write(Plain(table));
    }

    private static string Plain(Table table)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = short.MaxValue;
        console.Write(table);
        // The last column is padded with blanks that a file or pipe has no use for.
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()));
    }
}
