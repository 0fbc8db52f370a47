using System.Xml.Linq;

namespace Kernels.Report.Charts;

/// <summary>A drawn chart: part of the page, and separate files.</summary>
/// <param name="FileName">Name of its files without ending, unique in a report and safe on every file system.</param>
/// <param name="Svg">The drawing, with literal colours.</param>
/// <param name="Caption">Explanation below the drawing.</param>
public sealed record Chart(string FileName, XElement Svg, string Caption)
{
    /// <summary>The drawing as a separate file.</summary>
    public XDocument Document => new(new XDeclaration("1.0", "utf-8", null), new XElement(Svg));

    /// <summary>The drawing as part of an HTML page.</summary>
    public string Inline => Svg.ToString(SaveOptions.DisableFormatting);
}
