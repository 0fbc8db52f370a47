using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Kernels.Report.Charts;

/// <summary>SVG elements. Built as XML, so that data is escaped and the result is well formed.</summary>
public static class Svg
{
    private const string Font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    /// <summary>A chart's root: title, description, background and contents.</summary>
    public static XElement Root(double width, double height, string title, string description, params object?[] content) =>
        new(Namespace + "svg",
            new XAttribute("class", "chart"),
            new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            new XAttribute("width", Number(width)),
            new XAttribute("height", Number(height)),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", Clean($"{title}. {description}")),
            new XAttribute("font-family", Font),
            new XAttribute("font-size", 12),
            Element("rect", ("width", Number(width)), ("height", Number(height)), ("fill", Palette.Surface.Light), ("class", "f-surface")),
            content);

    /// <summary>An element with attributes; a null value leaves the attribute out.</summary>
    public static XElement Element(string name, params (string Name, object? Value)[] attributes) =>
        new(Namespace + name,
            attributes.Where(attribute => attribute.Value is not null)
                .Select(attribute => new XAttribute(attribute.Name, attribute.Value is double number ? Number(number) : attribute.Value!)));

    /// <summary>A group of elements, with a kernel's name for the page's script.</summary>
    public static XElement Group(string cssClass, string? kernel, params object?[] content)
    {
        XElement group = Element("g", ("class", cssClass), ("data-kernel", kernel is null ? null : Clean(kernel)));
        group.Add(content);
        return group;
    }

    /// <summary>A line of text.</summary>
    public static XElement Text(
        double x, double y, string text, Paint paint, string anchor = "start", double? size = null, bool bold = false,
        double? rotate = null)
    {
        XElement element = Element(
            "text", ("x", x), ("y", y), ("fill", paint.Light), ("class", $"f-{paint.Role}"),
            ("text-anchor", anchor == "start" ? null : anchor), ("font-size", size), ("font-weight", bold ? "600" : null),
            ("transform", rotate is { } angle ? $"rotate({Number(angle)} {Number(x)} {Number(y)})" : null));
        element.Add(Clean(text));
        return element;
    }

    /// <summary>Outlines a text in the background colour, so that it is readable across lines.</summary>
    public static XElement WithHalo(XElement text)
    {
        text.SetAttributeValue("stroke", Palette.Surface.Light);
        text.SetAttributeValue("stroke-width", 4);
        text.SetAttributeValue("stroke-linejoin", "round");
        text.SetAttributeValue("paint-order", "stroke");
        text.SetAttributeValue("class", $"{(string?)text.Attribute("class")} s-{Palette.Surface.Role}");
        return text;
    }

    /// <summary>A stroked path.</summary>
    public static XElement Stroke(string path, Paint paint, double width = 1, string? dashes = null, double? opacity = null) =>
        Element(
            "path", ("d", path), ("fill", "none"), ("stroke", paint.Light), ("class", $"s-{paint.Role}"), ("stroke-width", width),
            ("stroke-dasharray", dashes), ("stroke-opacity", opacity), ("stroke-linejoin", "round"));

    /// <summary>A tooltip.</summary>
    public static XElement Hint(string text)
    {
        XElement title = Element("title");
        title.Add(Clean(text));
        return title;
    }

    /// <summary>Path commands through points.</summary>
    public static string Polyline(IEnumerable<(double X, double Y)> points) =>
        "M" + string.Join("L", points.Select(point => $"{Number(point.X)} {Number(point.Y)}"));

    /// <summary>A path command with coordinates.</summary>
    public static string Path(FormattableString commands) =>
        string.Format(CultureInfo.InvariantCulture, commands.Format, [.. commands.GetArguments().Select(argument =>
            argument is double number ? Number(number) : argument)]);

    /// <summary>A coordinate: hundredths of a pixel are enough.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Approximate width of a text in pixels, in the widest of the fonts.</summary>
    public static double TextWidth(string text, double size, bool bold = false) => text.Length * size * (bold ? 0.66 : 0.59);

    /// <summary>Replaces characters that XML does not allow, such as control characters.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }
}
