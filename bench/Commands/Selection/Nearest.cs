using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Names that a mistyped word may have meant.</summary>
internal static class Nearest
{
    private const int Suggestions = 3;

    /// <summary>The error for a word that is not in <paramref name="names"/>, with the nearest names.</summary>
    public static UserError Unknown(string kind, string word, IEnumerable<string> names) =>
        new($"Unknown {kind} '{OneLine.Quote(word)}'; the nearest are {string.Join(", ", Of(word, names))}.");

    /// <summary>The names nearest to <paramref name="word"/>, best first.</summary>
    public static IEnumerable<string> Of(string word, IEnumerable<string> names)
    {
        string wanted = word.ToLowerInvariant();
        return names
            .OrderBy(name => Distance(wanted, name.ToLowerInvariant(), anywhere: true))
            .ThenBy(name => Distance(wanted, name.ToLowerInvariant(), anywhere: false))
            .Take(Suggestions);
    }

    /// <summary>
    /// Edits that turn <paramref name="word"/> into <paramref name="name"/> (Levenshtein 1966), or, with <paramref name="anywhere"/>, into
    /// the most similar part of it: "flsh" is near a long name that contains "flash".
    /// </summary>
    internal static int Distance(string word, string name, bool anywhere)
    {
        int[] previous = [.. Enumerable.Range(0, name.Length + 1).Select(i => anywhere ? 0 : i)];
        foreach ((int i, char letter) in word.Index())
        {
            int[] current = new int[name.Length + 1];
            current[0] = i + 1;
            for (int j = 1; j <= name.Length; j++)
            {
                int replace = previous[j - 1] + (letter == name[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return anywhere ? previous.Min() : previous[^1];
    }
}
