namespace Kernels.Bench.Commands.Selection;

/// <summary>Values of an option, separated by commas.</summary>
internal static class CommaList
{
    /// <summary>The items, trimmed, in lower case: no name here depends on case.</summary>
    /// <exception cref="UserError">There is none, or one is empty.</exception>
    public static string[] Split(string option, string text)
    {
        string[] items = text.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries);
        if (items.Contains(""))
            throw new UserError($"{option} has an empty item in '{OneLine.Quote(text)}'; separate items with single commas.");
        return items;
    }
}
