using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Kernels.Results;

/// <summary>Names of files made of names of kernels, problems and masks, which may be long and hold any character.</summary>
public static partial class FileName
{
    // File systems take 255 bytes; what is put before and behind needs some of them.
    private const int Longest = 140, HashDigits = 12;

    /// <summary>
    /// A part of a file's name that every file system and URL takes: the text itself where that can be, else its beginning and a hash, so
    /// that the same text always has the same name and another text another one. <c>h8/2</c> becomes <c>h8.2</c>.
    /// </summary>
    public static string Of(string text)
    {
        string plain = HeadsOnKvHeads().Replace(text, ".");
        string safe = string.Concat(plain.Take(Longest).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '-' or '@' or '_' ? c : '.'));
        return safe == plain ? safe : $"{safe}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits]}";
    }

    /// <summary>The same of parts that are there, with hyphens between.</summary>
    public static string Of(params IEnumerable<string?> parts) => Of(string.Join('-', parts.Where(part => !string.IsNullOrEmpty(part))));

    [GeneratedRegex("(?<=-h[0-9]+)/(?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex HeadsOnKvHeads();
}
