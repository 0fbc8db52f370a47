using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Values of an option, separated by commas.</summary>
internal static class CommaList
{
    /// <summary>The items, trimmed, in lower case, see <see cref="Lower"/>.</summary>
    /// <exception cref="UserError">There is none, or one is empty.</exception>
    public static string[] Split(string option, string text)
    {
        string[] items = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Lower)];
        if (items.Contains(""))
            throw new UserError($"{option} has an empty item in '{OneLine.Quote(text)}'; separate items with single commas.");
        return items;
    }

    /// <summary>A name in lower case, except a file name after an @.</summary>
    public static string Lower(string name)
    {
        int file = name.IndexOf('@', StringComparison.Ordinal);
        return file < 0 ? name.ToLowerInvariant() : name[..file].ToLowerInvariant() + name[file..];
    }
}
