using System.Globalization;
using System.Text.RegularExpressions;

namespace Kernels.Abstractions;

/// <summary>The numbers in the name of a mask, checked as they are taken.</summary>
public sealed class MaskNumbers(string name, Match match, MaskLines lines)
{
    /// <summary>The whole name.</summary>
    public string Name => name;

    /// <summary>Whether the name has this part.</summary>
    public bool Has(string group) => match.Groups[group].Success;

    /// <summary>A part as it is written.</summary>
    public string Text(string group) => match.Groups[group].Value;

    /// <summary>The lines of the file that a part names.</summary>
    /// <exception cref="FormatException">They cannot be read.</exception>
    public IReadOnlyList<string> Lines(string group)
    {
        try
        {
            return lines.Read(name, Text(group));
        }
        catch (FormatException error)
        {
            throw Error(error.Message);
        }
    }

    /// <summary>All numbers of a part that may repeat, at least <paramref name="least"/>.</summary>
    /// <exception cref="FormatException">One is out of range.</exception>
    public IReadOnlyList<int> All(string group, int least, string what) =>
        [.. match.Groups[group].Captures.Select(capture => Checked(capture.Value, least, int.MaxValue, what))];

    /// <summary>A number that is at least <paramref name="least"/>.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public int AtLeast(string group, int least, string what) => Within(group, least, int.MaxValue, what);

    /// <summary>A number that is at least <paramref name="least"/> and at most <paramref name="most"/>.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public int Within(string group, int least, int most, string what) => Checked(Text(group), least, most, what);

    /// <summary>The error of this name.</summary>
    public FormatException Error(string reason) => new($"'{name}' is not a mask: {reason}.");

    private int Checked(string digits, int least, int most, string what)
    {
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            throw Error($"the {what} {digits} is too large");
        if (value < least || value > most)
            throw Error($"the {what} must be {(most == int.MaxValue ? $"at least {least}" : $"{least} to {most}")}, not {digits}");
        return value;
    }
}
