using System.Xml.Linq;

namespace Kernels.Report.Png;

/// <summary>An SVG drawing as a list of shapes, for renderers that do not read SVG.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="FontFamilies">Names of the fonts to write with, best first.</param>
/// <param name="Shapes">What is drawn, from the bottom to the top.</param>
public sealed record SvgDrawing(double Width, double Height, IReadOnlyList<string> FontFamilies, IReadOnlyList<SvgShape> Shapes)
{
    /// <summary>Reads the part of SVG that charts are written in.</summary>
    /// <exception cref="FormatException">The drawing has other elements, without which the picture would be wrong.</exception>
    public static SvgDrawing Read(XElement root)
    {
        if (root.Name.LocalName != "svg")
            throw new FormatException($"<{root.Name.LocalName}> is no drawing");
        SvgVocabulary.Check(root);
        double width = SvgVocabulary.Number(root, "width");
        double height = SvgVocabulary.Number(root, "height");
        if (root.Attribute("viewBox") is { } box && SvgVocabulary.Numbers(box.Value)?.SequenceEqual([0, 0, width, height]) != true)
            throw SvgVocabulary.Unknown(box);
        string[] families = ((string?)root.Attribute("font-family") ?? "sans-serif").Split(',', StringSplitOptions.TrimEntries);
        return new(width, height, [.. families.Select(name => name.Trim('\'', '"'))], [.. SvgShapes.Inside(root)]);
    }
}
