using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kernels.Report.Pictures;

/// <summary>
/// What Skia writes as SVG, made small and readable by people and programs: each text at one place with the fonts that may stand in for
/// its own and the width that it may take, coordinates to a tenth of a pixel.
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
        foreach (XAttribute attribute in root.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is not ("id" or "clip-path")))
            attribute.Value = Fraction().Replace(attribute.Value, number => Number(double.Parse(number.Value, CultureInfo.InvariantCulture)));
        return root.ToString(SaveOptions.DisableFormatting);
    }

    // Skia gives a place to every letter, for its own font.
    private static void Rewrite(XElement text)
    {
        double[] places = [.. ((string?)text.Attribute("x") ?? "0").Split(", ", StringSplitOptions.RemoveEmptyEntries)
            .Select(place => double.Parse(place, CultureInfo.InvariantCulture))];
        string content = text.Value.Trim('\r', '\n', '\t');
        text.Value = content;
        text.SetAttributeValue("x", places[0]);
        text.SetAttributeValue("y", ((string?)text.Attribute("y"))?.Split(',')[0]);
        if (places.Length > 1)
            text.SetAttributeValue("textLength", (places[^1] - places[0]) * places.Length / (places.Length - 1));
        bool isBold = ((string?)text.Attribute("font-family"))?.Contains("Bold", StringComparison.Ordinal) == true;
        text.SetAttributeValue("font-family", null);
        text.SetAttributeValue("font-weight", isBold ? "600" : null);
        text.SetAttributeValue(XNamespace.Xml + "space", content.Contains("  ", StringComparison.Ordinal) ? "preserve" : null);
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) < 1 ? "0.###" : "0.#", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+\.\d+(e-?\d+)?")]
    private static partial Regex Fraction();
}
