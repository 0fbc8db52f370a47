using System.Text;
using System.Xml;

namespace Kernels.Report.Pictures;

/// <summary>Text for XML.</summary>
internal static class XmlText
{
    /// <summary>Replaces characters that XML does not allow, such as control characters.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }
}
