namespace Kernels.Report.Png;

/// <summary>How a shape is filled and outlined. Colours are #rgb or #rrggbb, null paints nothing.</summary>
public sealed record SvgPaint
{
    /// <summary>Colour inside.</summary>
    public required string? Fill { get; init; }

    /// <summary>Colour of the outline.</summary>
    public required string? Stroke { get; init; }

    /// <summary>Width of the outline, in the drawing's pixels.</summary>
    public required double StrokeWidth { get; init; }

    /// <summary>From 0, invisible, to 1.</summary>
    public required double StrokeOpacity { get; init; }

    /// <summary>Whether corners of the outline are round; otherwise they are mitred.</summary>
    public required bool RoundJoin { get; init; }

    /// <summary>Lengths of dashes and gaps in turn, an even number of them; none for a solid outline.</summary>
    public required IReadOnlyList<double> Dashes { get; init; }

    /// <summary>Whether the outline lies below what is inside.</summary>
    public required bool StrokeFirst { get; init; }
}
