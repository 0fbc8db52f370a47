using System.Xml.Linq;

namespace Kernels.Report.Charts;

/// <summary>Shapes of points: with the dashes of lines they distinguish kernels without colour.</summary>
public enum Marker
{
    /// <summary>A circle.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A triangle that points up.</summary>
    Triangle,

    /// <summary>A square on its corner.</summary>
    Diamond,

    /// <summary>A triangle that points down.</summary>
    Down,

    /// <summary>A hexagon.</summary>
    Hexagon,

    /// <summary>An upright cross.</summary>
    Plus,

    /// <summary>A star with five points.</summary>
    Star,
}

/// <summary>Draws markers.</summary>
public static class Markers
{
    /// <summary>Pixels that a marker is high and wide, about.</summary>
    public const double Size = 9;

    /// <summary>A marker of about <see cref="Size"/> around a point: filled with its colour, or hollow.</summary>
    public static XElement Draw(SeriesStyle style, double x, double y)
    {
        string path = style.Marker switch
        {
            Marker.Circle => Svg.Path($"M{x - 4} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"),
            Marker.Square => Svg.Path($"M{x - 3.6} {y - 3.6}h7.2v7.2h-7.2z"),
            Marker.Triangle => Svg.Path($"M{x} {y - 4.8}l4.6 8h-9.2z"),
            Marker.Diamond => Svg.Path($"M{x} {y - 5}l4.6 5l-4.6 5l-4.6 -5z"),
            Marker.Down => Svg.Path($"M{x} {y + 4.8}l4.6 -8h-9.2z"),
            Marker.Hexagon => Svg.Path($"M{x - 4.4} {y}l2.2 -3.9h4.4l2.2 3.9l-2.2 3.9h-4.4z"),
            Marker.Plus => Svg.Path($"M{x - 1.5} {y - 4.5}h3v3h3v3h-3v3h-3v-3h-3v-3h3z"),
            Marker.Star => Svg.Path($"M{x} {y - 5.6}l1.5 3.6l3.8 0.3l-2.9 2.5l0.9 3.7l-3.3 -2l-3.3 2l0.9 -3.7l-2.9 -2.5l3.8 -0.3z"),
            _ => throw new ArgumentOutOfRangeException(nameof(style), style.Marker, null),
        };
        Paint inside = style.Hollow ? Palette.Surface : style.Paint;
        return Svg.Element(
            "path", ("d", path), ("fill", inside.Light), ("stroke", style.Paint.Light), ("stroke-width", 1.5),
            ("class", $"f-{inside.Role} s-{style.Paint.Role}"));
    }
}
