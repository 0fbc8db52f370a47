using System.CommandLine;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Options whose value is a number.</summary>
internal static class NumberOptions
{
    /// <summary>A whole number within limits; null when the option is absent.</summary>
    /// <exception cref="UserError">It is outside.</exception>
    public static int? Number(this Option<int?> option, ParseResult parse, int least, int most) =>
        parse.GetValue(option) is { } number ? Within(option, number, least, most) : null;

    /// <summary>The same of an option that always has a value.</summary>
    /// <exception cref="UserError">It is outside.</exception>
    public static int Number(this Option<int> option, ParseResult parse, int least, int most) => Within(option, parse.GetValue(option), least, most);

    /// <summary>A time; null when the option is absent.</summary>
    /// <exception cref="UserError">It is not positive, or longer than <paramref name="most"/> seconds.</exception>
    public static TimeSpan? Seconds(this Option<double?> option, ParseResult parse, double most) => parse.GetValue(option) is not { } seconds ? null
        : seconds > 0 && seconds < most ? TimeSpan.FromSeconds(seconds)
        : throw new UserError($"{option.Name} is a positive number of seconds, not {seconds}.");

    private static int Within(Option option, int number, int least, int most) => number >= least && number <= most
        ? number
        : throw new UserError($"{option.Name} takes {(most == int.MaxValue ? $"a number from {least}" : $"{least:N0} to {most:N0}")}, not {number}.");
}
