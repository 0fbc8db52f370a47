using System.CommandLine;
using Kernels.Bench.Commands.Selection;

namespace Kernels.Bench.Commands;

/// <summary>A command line as text that can be pasted into a shell.</summary>
internal static class CommandLineText
{
    /// <summary>The verb with its arguments, and the given ones of <paramref name="options"/>.</summary>
    public static string Of(ParseResult parse, string verb, IEnumerable<Argument> arguments, IEnumerable<Option> options)
    {
        List<string> words = [Examples.Program, verb, .. arguments.SelectMany(argument => parse.GetResult(argument)?.Tokens ?? [])
            .Select(token => Quoted(token.Value))];
        foreach (Option option in options.Where(option => option.IsGiven(parse)))
            words.AddRange([option.Name, .. parse.GetResult(option)!.Tokens.Select(token => Quoted(token.Value))]);
        return string.Join(' ', words);
    }

    private static string Quoted(string word) =>
        word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_.,/+".Contains(letter)) ? word : $"'{word}'";
}
