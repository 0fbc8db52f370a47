using System.Globalization;
using System.Xml.Linq;
using static Kernels.Report.Png.SvgVocabulary;

namespace Kernels.Report.Png;

/// <summary>Reads the shapes inside an SVG element.</summary>
internal static class SvgShapes
{
    private const double InitialFontSize = 16;
    private static readonly char[] whiteSpace = [' ', '\t', '\r', '\n'];

    public static IEnumerable<SvgShape> Inside(XElement parent) => parent.Elements().SelectMany(Read);

    private static IEnumerable<SvgShape> Read(XElement element)
    {
        Check(element);
        return element.Name.LocalName switch
        {
            "g" => Inside(element),
            "rect" => [new SvgShape.Path(Outline(element), Paint(element))],
            "path" => [new SvgShape.Path(Required(element, "d").Value, Paint(element))],
            "text" => [Text(element)],
            _ => [],
        };
    }

    private static string Outline(XElement rect)
    {
        (double width, double height) = (Number(rect, "width"), Number(rect, "height"));
        return string.Create(
            CultureInfo.InvariantCulture, $"M{Number(rect, "x", 0)} {Number(rect, "y", 0)}h{width}v{height}h{-width}z");
    }

    private static SvgShape.Text Text(XElement element)
    {
        (double x, double y) = (Number(element, "x"), Number(element, "y"));
        string content = string.Join(' ', element.Value.Split(whiteSpace, StringSplitOptions.RemoveEmptyEntries));
        double inherited = Number(element.AncestorsAndSelf().Last(), "font-size", InitialFontSize);
        return new(content, Paint(element))
        {
            X = x,
            Y = y,
            Size = Number(element, "font-size", inherited),
            Weight = (int)Number(element, "font-weight", 400),
            Anchor = OneOf(element, "text-anchor", ("start", TextAnchor.Start), ("middle", TextAnchor.Middle), ("end", TextAnchor.End)),
            Rotation = element.Attribute("transform") is { } transform ? Rotation(transform, x, y) : 0,
        };
    }

    // Only rotation of a text around its own position is supported.
    private static double Rotation(XAttribute transform, double x, double y)
    {
        string[] words = transform.Value.Split(['(', ')']);
        return words is ["rotate", var numbers, ""] && Numbers(numbers) is [var degrees, var centreX, var centreY]
            && (centreX, centreY) == (x, y)
            ? degrees
            : throw Unknown(transform);
    }

    private static SvgPaint Paint(XElement element)
    {
        double[] dashes = element.Attribute("stroke-dasharray") is { } pattern ? Numbers(pattern.Value) ?? throw Unknown(pattern) : [];
        return new()
        {
            Fill = Colour(element, "fill", "#000"),
            Stroke = Colour(element, "stroke", null),
            StrokeWidth = Number(element, "stroke-width", 1),
            StrokeOpacity = Number(element, "stroke-opacity", 1),
            RoundJoin = OneOf(element, "stroke-linejoin", ("miter", false), ("round", true)),
            // SVG repeats a pattern of odd length, so that its dashes become gaps every other time.
            Dashes = dashes.Length % 2 == 0 ? dashes : [.. dashes, .. dashes],
            StrokeFirst = OneOf(element, "paint-order", ("normal", false), ("stroke", true)),
        };
    }
}
