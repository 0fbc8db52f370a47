using System.Text;

namespace Kernels.Results;

/// <summary>Makes external text safe for one line of a terminal: no control characters, limited length.</summary>
public static class OneLine
{
    private const int Longest = 80;

    /// <summary>Input of the user, or a part of a file, to quote in a message.</summary>
    public static string Quote(string text) => text.Length <= Longest ? Clean(text) : Clean(text[..Longest]) + "…";

    /// <summary>A whole message on one line.</summary>
    public static string Clean(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            line.Append(Rune.IsControl(rune) ? "␣" : rune.ToString());
        return line.ToString();
    }
}
