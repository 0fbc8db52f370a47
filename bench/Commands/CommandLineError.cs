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
        string name = NameOf(command);
        string[] verbs = [.. command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)];
        if (verbs.Length > 0 && parse.UnmatchedTokens is [{ } word, ..] && !OptionPattern().IsMatch(word))
            return Nearest.Unknown(command is RootCommand ? "verb" : $"verb of {name}", word, verbs);
        // The library parses an unknown option as an argument, or as the value of another option.
        if (parse.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).FirstOrDefault(LooksLikeOption) is { } option)
            return Nearest.Unknown(
                command is RootCommand ? "option" : $"option of {name}", option.Value.Split('=', ':')[0], OptionNames(command));
        if (parse.UnmatchedTokens is [{ } unmatched, ..])
            return new UserError($"{name} takes no '{OneLine.Quote(unmatched)}' here; see {name} --help.");
        if (parse.Tokens.Any(token => token.Type == TokenType.Argument && string.IsNullOrWhiteSpace(token.Value)))
            return new UserError($"{name} takes no empty argument.");
        if (verbs.Length > 0 && command.Action is null && parse.Errors.Count > 0)
            return new UserError($"{name} needs one of {string.Join(", ", verbs)}; see {name} --help.");
        if (Missing(parse, command) is [_, ..] missing)
            return new UserError($"{name} needs {string.Join(", ", missing)}; see {name} --help.");
        return parse.Errors is [{ } error, ..] ? OfValue(error) ?? new UserError(OneLine.Clean($"{name}: {error.Message}")) : null;
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

    // With the verb that it belongs to.
    private static string NameOf(Command command) =>
        string.Join(' ', command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).Select(parent => parent.Name).Append(command.Name));

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
