using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Kernels.Abstractions;

/// <summary>
/// Parses the names of one kind of mask. A kind of mask is one file with its form, and one line in <see cref="MaskForms"/>.
/// </summary>
public sealed class MaskForm
{
    private readonly Regex pattern;
    private readonly Func<MaskNumbers, AttentionMask> read;

    /// <param name="example">An example name, for messages and help.</param>
    /// <param name="picture">A name whose picture is typical.</param>
    /// <param name="pattern">Regular expression of the whole name; its groups are numbers.</param>
    /// <param name="read">Makes the mask; throws <see cref="FormatException"/> where a number is out of range.</param>
    public MaskForm(
        string example, string picture, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern, Func<MaskNumbers, AttentionMask> read)
    {
        (Example, Picture, this.read) = (example, picture, read);
        this.pattern = new Regex($@"^(?:{pattern})\z", RegexOptions.CultureInvariant);
    }

    /// <summary>An example name.</summary>
    public string Example { get; }

    /// <summary>A name whose picture is typical.</summary>
    public string Picture { get; }

    /// <summary>Reads a name; null when it has another form.</summary>
    /// <param name="name">The name.</param>
    /// <param name="lines">Gives the lines of the file that a name may name.</param>
    /// <exception cref="FormatException">It has this form, but names no mask; the message says why.</exception>
    public AttentionMask? Read(string name, MaskLines lines) => pattern.Match(name) is { Success: true } match ? read(new(name, match, lines)) : null;
}
