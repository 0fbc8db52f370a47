using System.CommandLine;
using System.Globalization;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Tokens by their numbers: <c>1,15043</c>.</summary>
internal static class TokenIds
{
    /// <summary>The numbers of a list.</summary>
    /// <param name="option">Name of the option, for the message.</param>
    /// <param name="text">The list.</param>
    /// <param name="vocabulary">All are below.</param>
    /// <exception cref="UserError">The list has an empty item, or one that is no such number.</exception>
    private static int[] Parse(string option, string text, int vocabulary) =>
    [
        .. CommaList.Split(option, text).Select(item => int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id < vocabulary
            ? id
            : throw new UserError($"{option} takes numbers below {vocabulary:N0}, not '{OneLine.Quote(item)}'.")),
    ];

    /// <summary>The tokens of one option, or as many random ones as another says.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="length">How many random ones, up to <paramref name="most"/>.</param>
    /// <param name="usual">How many when it says nothing either.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="seed">Of random ones.</param>
    /// <param name="vocabulary">All are below.</param>
    /// <exception cref="UserError">Both are given, or one is wrong.</exception>
    public static int[] Of(ParseResult parse, Option<string?> ids, Option<int?> length, int usual, int most, int seed, int vocabulary)
    {
        if (parse.GetValue(ids) is { } text)
            return length.IsGiven(parse) ? throw new UserError($"Give {length.Name} or {ids.Name}, not both.") : Parse(ids.Name, text, vocabulary);
        var random = new SeededNormal(seed, int.MaxValue);
        return [.. Enumerable.Range(0, length.Number(parse, 1, most) ?? usual).Select(_ => random.NextIndex(vocabulary))];
    }
}
