using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Kernels.Bench.Commands.Selection;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>Describes an error of a command line in one line, instead of the library's help page.</summary>
internal static partial class CommandLineError
{
    /// <summary>The first error of a command line; null when it can be run.</summary>
    public static UserError? In(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        if (command is RootCommand && parse.UnmatchedTokens is [{ } word, ..] && !OptionPattern().IsMatch(word))
            return Nearest.Unknown("verb", word, command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name));
        // The library parses an unknown option as an argument, or as the value of another option.
        if (parse.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).FirstOrDefault(LooksLikeOption) is { } option)
            return Nearest.Unknown(
                command is RootCommand ? "option" : $"option of {command.Name}", option.Value.Split('=', ':')[0], OptionNames(command));
        if (parse.UnmatchedTokens is [{ } unmatched, ..])
            return new UserError($"{command.Name} takes no '{OneLine.Quote(unmatched)}' here; see {command.Name} --help.");
        if (parse.Tokens.Any(token => token.Type == TokenType.Argument && string.IsNullOrWhiteSpace(token.Value)))
            return new UserError($"{command.Name} takes no empty argument.");
        if (Missing(parse, command) is [_, ..] missing)
            return new UserError($"{command.Name} needs {string.Join(", ", missing)}; see {command.Name} --help.");
        return parse.Errors is [{ } error, ..] ? OfValue(error) ?? new UserError(OneLine.Clean($"{command.Name}: {error.Message}")) : null;
    }

    // The library's message names the .NET type of the value, which does not help the user.
    private static UserError? OfValue(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Option: { } option, Tokens: [{ } value] } || !error.Message.StartsWith("Cannot parse"))
            return null;
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        return type.IsEnum
            ? Nearest.Unknown($"value of {option.Name}", value.Value, Enum.GetNames(type).Select(name => name.ToLowerInvariant()))
            : new UserError($"{option.Name} takes no '{OneLine.Quote(value.Value)}'; it needs a number.");
    }

    private static bool LooksLikeOption(Token token) => token.Type == TokenType.Argument && OptionPattern().IsMatch(token.Value);

    private static string[] Missing(ParseResult parse, Command command) =>
    [
        .. command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parse.GetResult(argument) is not { Tokens.Count: > 0 })
            .Select(argument => argument.Name),
        .. command.Options.Where(option => option.Required && parse.GetResult(option) is not { Implicit: false }).Select(option => option.Name),
    ];

    private static IEnumerable<string> OptionNames(Command command) =>
        command.Options.Where(option => !option.Hidden).Select(option => option.Name).Append("--help");

    // An option, not a negative number.
    [GeneratedRegex("^--?[A-Za-z]", RegexOptions.CultureInvariant)]
    private static partial Regex OptionPattern();
}
