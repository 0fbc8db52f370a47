using System.Text.Json.Serialization;

namespace Kernels.Report.Charts;

/// <summary>Shapes of points: with the dashes of lines they distinguish kernels without colour.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Marker>))]
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

/// <summary>Outlines of the markers.</summary>
public static class Markers
{
    /// <summary>Pixels that a marker is high and wide, about.</summary>
    public const double Size = 9;

    /// <summary>SVG path of a marker of about <see cref="Size"/> around the origin.</summary>
    public static string Path(Marker marker) => marker switch
    {
        Marker.Circle => "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        Marker.Square => "M-3.6 -3.6h7.2v7.2h-7.2z",
        Marker.Triangle => "M0 -4.8l4.6 8h-9.2z",
        Marker.Diamond => "M0 -5l4.6 5l-4.6 5l-4.6 -5z",
        Marker.Down => "M0 4.8l4.6 -8h-9.2z",
        Marker.Hexagon => "M-4.4 0l2.2 -3.9h4.4l2.2 3.9l-2.2 3.9h-4.4z",
        Marker.Plus => "M-1.5 -4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
        Marker.Star => "M0 -5.6l1.5 3.6l3.8 0.3l-2.9 2.5l0.9 3.7l-3.3 -2l-3.3 2l0.9 -3.7l-2.9 -2.5l3.8 -0.3z",
        _ => throw new ArgumentOutOfRangeException(nameof(marker), marker, null),
    };
}
