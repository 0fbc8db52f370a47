using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kernels.Report.Png;

/// <summary>The elements, attributes and values that charts are written in. Everything else is refused.</summary>
internal static partial class SvgVocabulary
{
    // Attributes for style sheets, scripts and screen readers, which do not affect the picture.
    private static readonly string[] invisible = ["class", "role", "aria-label", "data-kernel"];

    private static readonly string[] painting =
        ["fill", "stroke", "stroke-width", "stroke-opacity", "stroke-linejoin", "stroke-dasharray", "paint-order"];

    private static readonly Dictionary<string, string[]> attributes = new()
    {
        ["svg"] = ["viewBox", "width", "height", "font-family", "font-size"],
        ["g"] = [],
        ["title"] = [],
        ["rect"] = ["x", "y", "width", "height", .. painting],
        ["path"] = ["d", .. painting],
        ["text"] = ["x", "y", "text-anchor", "font-size", "font-weight", "transform", .. painting],
    };

    /// <summary>Refuses an element that is unknown or in the wrong place, or has an unknown attribute.</summary>
    public static void Check(XElement element)
    {
        string name = element.Name.LocalName;
        if (!attributes.TryGetValue(name, out string[]? known) || (name == "svg" && element.Parent is not null))
            throw new FormatException($"<{name}> cannot be drawn");
        if (name is not ("svg" or "g") && element.HasElements)
            throw new FormatException($"<{element.Elements().First().Name.LocalName}> inside <{name}> cannot be drawn");
        if (element.Attributes().FirstOrDefault(attribute => !IsKnown(attribute, known)) is { } unknown)
            throw Unknown(unknown);
    }

    /// <summary>The exception for an attribute or its value.</summary>
    public static FormatException Unknown(XAttribute attribute) =>
        new($"{attribute} of <{attribute.Parent?.Name.LocalName}> cannot be drawn");

    /// <summary>A required attribute.</summary>
    public static XAttribute Required(XElement element, string name) =>
        element.Attribute(name) ?? throw new FormatException($"<{element.Name.LocalName}> has no {name}");

    /// <summary>A required number.</summary>
    public static double Number(XElement element, string name)
    {
        XAttribute attribute = Required(element, name);
        return Numbers(attribute.Value) is [var number] ? number : throw Unknown(attribute);
    }

    /// <summary>A number, or its initial value.</summary>
    public static double Number(XElement element, string name, double initial) =>
        element.Attribute(name) is null ? initial : Number(element, name);

    /// <summary>Numbers separated by spaces or commas; null for other text.</summary>
    public static double[]? Numbers(string text)
    {
        string[] words = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        double[] numbers = new double[words.Length];
        for (int index = 0; index < words.Length; index++)
        {
            if (!double.TryParse(words[index], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[index]))
                return null;
        }
        return numbers;
    }

    /// <summary>A colour; null for "none".</summary>
    public static string? Colour(XElement element, string name, string? initial) => element.Attribute(name) switch
    {
        null => initial,
        { Value: "none" } => null,
        var colour when HexColour().IsMatch(colour.Value) => colour.Value,
        var other => throw Unknown(other),
    };

    /// <summary>The meaning of a word; the first is the initial one.</summary>
    public static T OneOf<T>(XElement element, string name, params (string Word, T Meaning)[] words)
    {
        if (element.Attribute(name) is not { } attribute)
            return words[0].Meaning;
        int index = Array.FindIndex(words, word => word.Word == attribute.Value);
        return index < 0 ? throw Unknown(attribute) : words[index].Meaning;
    }

    private static bool IsKnown(XAttribute attribute, string[] known) =>
        attribute.IsNamespaceDeclaration || invisible.Contains(attribute.Name.ToString()) || known.Contains(attribute.Name.ToString());

    [GeneratedRegex("^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")]
    private static partial Regex HexColour();
}
