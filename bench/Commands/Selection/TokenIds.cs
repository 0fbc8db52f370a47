using System.Globalization;
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
    public static int[] Parse(string option, string text, int vocabulary) =>
    [
        .. CommaList.Split(option, text).Select(item => int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id < vocabulary
            ? id
            : throw new UserError($"{option} takes numbers below {vocabulary:N0}, not '{OneLine.Quote(item)}'.")),
    ];
}
