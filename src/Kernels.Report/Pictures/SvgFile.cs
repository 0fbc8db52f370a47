using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kernels.Report.Pictures;

/// <summary>
/// What Skia writes as SVG, made small and readable by people and programs: each text at one place with the fonts that may stand in for
/// its own and the width that it may take, each marker one element, coordinates to a tenth of a pixel.
/// </summary>
internal static partial class SvgFile
{
    private const string Fonts = $"{InterFont.Name}, system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

    /// <summary>Rewrites a drawing.</summary>
    public static string Rewrite(string xml, Drawing drawing)
    {
        XElement root = XElement.Parse(xml);
        root.SetAttributeValue("viewBox", $"0 0 {(string?)root.Attribute("width")} {(string?)root.Attribute("height")}");
        root.SetAttributeValue("role", "img");
        root.SetAttributeValue("aria-label", XmlText.Clean($"{drawing.Title}. {drawing.Subtitle}"));
        root.SetAttributeValue("font-family", Fonts);
        foreach (XElement text in root.Descendants().Where(element => element.Name.LocalName == "text"))
            Rewrite(text);
        Merge(root);
        // Skia numbers clips through the life of a process.
        foreach ((int index, XElement clip) in root.Descendants().Where(element => element.Name.LocalName == "clipPath").Index())
        {
            string old = $"url(#{(string?)clip.Attribute("id")})";
            foreach (XAttribute use in root.Descendants().Attributes("clip-path").Where(use => use.Value == old))
                use.Value = $"url(#clip{index})";
            clip.SetAttributeValue("id", $"clip{index}");
        }
        foreach (XAttribute attribute in root.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is not ("id" or "clip-path")))
            attribute.Value = Fraction().Replace(attribute.Value, number => Number(double.Parse(number.Value, CultureInfo.InvariantCulture)));
        foreach (XAttribute path in root.Descendants().Attributes("d"))
            path.Value = Relative(path.Value);
        return root.ToString(SaveOptions.DisableFormatting);
    }

    // Skia gives a place to every letter, for its own font.
    private static void Rewrite(XElement text)
    {
        double[] places = [.. ((string?)text.Attribute("x") ?? "0").Split(", ", StringSplitOptions.RemoveEmptyEntries)
            .Select(place => double.Parse(place, CultureInfo.InvariantCulture))];
        string content = text.Value.Trim('\r', '\n', '\t');
        text.Value = content;
        double y = double.Parse(((string?)text.Attribute("y") ?? "0").Split(',')[0], CultureInfo.InvariantCulture);
        if (Translation().Match((string?)text.Attribute("transform") ?? "") is { Success: true } moved)
        {
            text.SetAttributeValue("x", places[0] + double.Parse(moved.Groups[1].Value, CultureInfo.InvariantCulture));
            text.SetAttributeValue("y", y + double.Parse(moved.Groups[2].Value, CultureInfo.InvariantCulture));
            text.SetAttributeValue("transform", null);
        }
        else
        {
            text.SetAttributeValue("x", places[0]);
            text.SetAttributeValue("y", y);
        }
        if (places.Length > 1)
            text.SetAttributeValue("textLength", (places[^1] - places[0]) * places.Length / (places.Length - 1));
        bool isBold = ((string?)text.Attribute("font-family"))?.Contains("Bold", StringComparison.Ordinal) == true;
        text.SetAttributeValue("font-family", null);
        text.SetAttributeValue("font-weight", isBold ? "600" : null);
    }

    // A shape that is filled and then outlined becomes one.
    private static void Merge(XElement root)
    {
        foreach (XElement fill in root.Descendants().Where(element => element.Name.LocalName is "path" or "ellipse").ToList())
        {
            if (fill.ElementsAfterSelf().FirstOrDefault() is not { } outline || outline.Name != fill.Name
                || (string?)outline.Attribute("fill") != "none" || fill.Attribute("stroke") is not null || fill.Parent is null
                || Shape(outline) != Shape(fill))
                continue;
            outline.SetAttributeValue("fill", (string?)fill.Attribute("fill") ?? "black");
            fill.Remove();
        }
        static string Shape(XElement element) => string.Join('|', new[] { "d", "cx", "cy", "rx" }.Select(name => (string?)element.Attribute(name)));
    }

    // Straight lines step by step: dashes become a third shorter.
    private static string Relative(string path)
    {
        MatchCollection steps = Step().Matches(path);
        if (steps.Sum(step => step.Length) != path.Length)
            return path;
        var relative = new System.Text.StringBuilder();
        (double lastX, double lastY) = (0, 0);
        foreach (Match step in steps)
        {
            double x = double.Parse(step.Groups[2].Value, CultureInfo.InvariantCulture), y = double.Parse(step.Groups[3].Value, CultureInfo.InvariantCulture);
            string across = Number(Math.Round(x - lastX, 1)), down = Number(Math.Round(y - lastY, 1));
            relative.Append(char.ToLowerInvariant(step.Groups[1].Value[0])).Append(across).Append(down[0] == '-' ? "" : " ").Append(down);
            (lastX, lastY) = (x, y);
        }
        return relative.ToString();
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) < 1 ? "0.###" : "0.#", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^translate\((\S+) (\S+)\)$")]
    private static partial Regex Translation();

    [GeneratedRegex(@"([ML])(-?[\d.]+) (-?[\d.]+)")]
    private static partial Regex Step();

    [GeneratedRegex(@"-?\d+\.\d+(e-?\d+)?")]
    private static partial Regex Fraction();
}
