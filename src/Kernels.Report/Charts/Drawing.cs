using System.Text.Json.Serialization;

namespace Kernels.Report.Charts;

/// <summary>What a chart shows, as data. ScottPlot draws it into files, ECharts draws it in the page.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LineChart), "lines")]
[JsonDerivedType(typeof(BarChart), "bars")]
[JsonDerivedType(typeof(RowChart), "rows")]
[JsonDerivedType(typeof(HeatMap), "heat")]
public abstract record Drawing
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>Problem and machine.</summary>
    public required string Subtitle { get; init; }
}

/// <summary>Lines with points and intervals, each with a label at its end.</summary>
public sealed record LineChart : Drawing
{
    /// <summary>Horizontal axis.</summary>
    public required Axis Horizontal { get; init; }

    /// <summary>Vertical axis.</summary>
    public required Axis Vertical { get; init; }

    /// <summary>The lines, at least one.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>Whether the areas between the lines are filled, each line down to the one before it: shares of a whole.</summary>
    public bool IsStacked { get; init; }

    /// <summary>Lines for comparison, such as ceilings.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];
}

/// <summary>One line of a chart.</summary>
/// <param name="Kernel">Its kernel; null for other data, such as a property of the problem.</param>
/// <param name="Label">Label at the end of the line.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Points">Its points in the order of sequence length, at least one.</param>
/// <param name="IsFaint">Whether it is drawn faint, so that the main lines stand out; of many lines, the page shows these on demand.</param>
public sealed record LineSeries(
    string? Kernel, string Label, SeriesStyle Style, IReadOnlyList<LinePoint> Points, bool IsFaint = false);

/// <summary>A point with its interval.</summary>
/// <param name="X">Value on the horizontal axis, such as the sequence length.</param>
/// <param name="Value">Value on the vertical axis.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Hint">What the page shows on hover.</param>
public sealed record LinePoint(double X, double Value, double Low, double High, Hint Hint)
{
    /// <summary>A point that is exact.</summary>
    public LinePoint(double x, double value, Hint hint)
        : this(x, value, value, value, hint)
    {
    }
}

/// <summary>Lines of text that the page shows on hover.</summary>
/// <param name="Text">The lines, the first a heading.</param>
public readonly record struct Hint(string Text);

/// <summary>A straight line for comparison, between two points of the chart.</summary>
/// <param name="FromX">Value on the horizontal axis at its beginning.</param>
/// <param name="FromY">Value on the vertical axis at its beginning.</param>
/// <param name="ToX">Value on the horizontal axis at its end.</param>
/// <param name="ToY">Value on the vertical axis at its end.</param>
/// <param name="Text">Its label: at the end, but at the beginning of a slope.</param>
/// <param name="Weight">How it is drawn.</param>
/// <param name="LabelFirst">Whether the label of a level line is at its beginning too, where the other lines come down to its end.</param>
public sealed record Mark(double FromX, double FromY, double ToX, double ToY, string Text, MarkWeight Weight, bool LabelFirst = false);

/// <summary>How a mark is drawn.</summary>
public enum MarkWeight
{
    /// <summary>A thick line: a ceiling.</summary>
    Strong,

    /// <summary>A thin line.</summary>
    Thin,

    /// <summary>A dotted line behind the others.</summary>
    Guide,
}

/// <summary>
/// One row for each kernel, with a dot or a box on an axis. Times span powers of ten: on a linear axis all but the longest bars would
/// vanish, and bars on a logarithmic axis have no meaningful length.
/// </summary>
public sealed record RowChart : Drawing
{
    /// <summary>The axis.</summary>
    public required Axis Axis { get; init; }

    /// <summary>The rows from top to bottom, at least one.</summary>
    public required IReadOnlyList<ChartRow> Rows { get; init; }

    /// <summary>Headings of the texts behind the rows; null where they need none.</summary>
    public IReadOnlyList<string>? Headings { get; init; }

    /// <summary>Value of a vertical line, such as a ceiling.</summary>
    public double? Ceiling { get; init; }

    /// <summary>Its label.</summary>
    public string? CeilingText { get; init; }
}

/// <summary>A row.</summary>
/// <param name="Kernel">The kernel that it belongs to.</param>
/// <param name="Label">Label in front of the row.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Value">Position of its dot.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Texts">Texts behind the row.</param>
/// <param name="Hint">What the page shows on hover.</param>
public sealed record ChartRow(
    string Kernel, string Label, SeriesStyle Style, double Value, double Low, double High, IReadOnlyList<string> Texts, Hint Hint)
{
    /// <summary>In a ladder, the number of rows that it builds on, one on the other; null outside ladders, where a stem leads to the dot.</summary>
    public int? Depth { get; init; }

    /// <summary>Index of the row that it builds on: the step from its value to this one is drawn, dashed where it is a loss.</summary>
    public int? From { get; init; }

    /// <summary>The middle half of a distribution, drawn as a box around the dot; null where the row is of one value.</summary>
    public Span? Box { get; init; }

    /// <summary>Text below the label.</summary>
    public string Note { get; init; } = "";
}

/// <summary>A part of an axis.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public sealed record Span(double Low, double High);

/// <summary>A square of shaded cells.</summary>
public sealed record HeatMap : Drawing
{
    /// <summary>Darkest shade of a cell; 0 is blank.</summary>
    public const int Shades = 4;

    /// <summary>A string of digits for each row from top to bottom: the shade of each cell, upwards for a larger share.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>Queries of a row, and keys of a column.</summary>
    public required int CellTokens { get; init; }
}
