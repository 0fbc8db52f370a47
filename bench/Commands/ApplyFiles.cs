using System.Collections.Immutable;
using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Npy;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>The options of <c>apply</c> that name files: one for each operand by name, with a short form for q, k, v and o.</summary>
internal sealed class ApplyFiles
{
    private readonly Option<string[]> inputs =
        Repeated("--in", "Input by the name of its operand: q=Q.npy; float32, [heads, tokens, channels] or [batch, heads, tokens, channels].");
    private readonly Option<string[]> outputs =
        Repeated("--out", "Result by the name of its operand: o=O.npy, lse=L.npy; a file alone is o. Not written when it is wrong.");
    private readonly Option<string?>[] shortInputs =
    [
        new("--q") { Description = "Queries: short for --in q=FILE.npy.", HelpName = "FILE.npy" },
        new("--k") { Description = "Keys; their number of heads must divide that of the queries.", HelpName = "FILE.npy" },
        new("--v") { Description = "Values, shaped as the keys; they may have other channels.", HelpName = "FILE.npy" },
    ];

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [inputs, .. shortInputs, outputs];

    /// <summary>File of each input of the operation.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="problem">Any problem of its kind.</param>
    /// <exception cref="UserError">One is missing, unknown or given twice.</exception>
    public IReadOnlyDictionary<string, string> Inputs(ParseResult parse, Operation operation, Problem problem)
    {
        Dictionary<string, string> files = [];
        foreach (Option<string?> option in shortInputs)
        {
            if (parse.GetValue(option) is { } path)
                files.Add(option.Name.TrimStart('-'), path);
        }
        string[] names = [.. Names(operation, problem, role => role != Role.Output)];
        foreach ((string name, string path) in Pairs(inputs, parse.GetValue(inputs) ?? [], alone: null))
        {
            RequireKnown(inputs, name, names, operation);
            if (!files.TryAdd(name, path))
                throw new UserError($"The input {name} is given twice.");
        }
        if (names.FirstOrDefault(name => !files.ContainsKey(name)) is { } missing)
            throw new UserError($"The input {missing} is missing: {operation} has {string.Join(", ", names)}; --in {missing}=FILE.npy gives it.");
        return files;
    }

    /// <summary>File of each requested result, at least one.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="problem">Any problem of its kind.</param>
    /// <param name="overwrite">Whether a file may be there already.</param>
    /// <exception cref="UserError">A name is unknown or given twice, or a file cannot be written.</exception>
    public IReadOnlyDictionary<string, string> Outputs(ParseResult parse, Operation operation, Problem problem, bool overwrite)
    {
        Dictionary<string, string> files = [];
        string[] names = [.. Names(operation, problem, role => role != Role.Input)];
        foreach ((string name, string path) in Pairs(outputs, parse.GetValue(outputs) ?? [], alone: "o"))
        {
            RequireKnown(outputs, name, names, operation);
            if (!files.TryAdd(name, path))
                throw new UserError($"The result {name} is given twice.");
            if (files.Values.Count(other => Path.GetFullPath(other) == Path.GetFullPath(path)) > 1)
                throw new UserError($"--out {path} is given for two results.");
            // A file named by mistake is not lost.
            OutputFile.Require(
                "--out", path,
                () => !overwrite ? "; --force replaces it." : NpyReader.IsNpy(path) ? null : " and is no .npy file; it is left alone.");
        }
        return files.Count > 0 ? files : throw new UserError("There is no --out FILE.npy for the result.");
    }

    private static IEnumerable<string> Names(Operation operation, Problem problem, Func<Role, bool> wanted) =>
        operation.Operands(problem, Format.Float32).Where(each => wanted(each.Role)).Select(each => each.Name);

    private static IEnumerable<(string Name, string Path)> Pairs(Option option, string[] values, string? alone)
    {
        foreach (string value in values)
        {
            int equals = value.IndexOf('=', StringComparison.Ordinal);
            bool isPair = equals > 0 && char.IsAsciiLetterLower(value[0])
                && value[..equals].All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter));
            if (!isPair && alone is null)
                throw new UserError($"{option.Name} is an operand and its file, such as q=Q.npy, not '{OneLine.Quote(value)}'.");
            yield return isPair ? (value[..equals], value[(equals + 1)..]) : (alone!, value);
        }
    }

    private static void RequireKnown(Option option, string name, string[] names, Operation operation)
    {
        if (!names.Contains(name))
            throw new UserError($"{option.Name} {OneLine.Quote(name)}: {operation} has no such operand; it has {string.Join(", ", names)}.");
    }

    private static Option<string[]> Repeated(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NAME=FILE.npy",
        Arity = ArgumentArity.OneOrMore,
    };
}
