using System.CommandLine;
using Kernels.Measurement.Runs;
using Kernels.Models;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>What the commands about trained models have in common.</summary>
internal static class ModelOptions
{
    /// <summary>Name of the model.</summary>
    public static Argument<string> Name { get; } = new("MODEL") { Description = "minilm: all-MiniLM-L6-v2, 6 layers of 12 heads." };

    /// <summary>For <see cref="Texts"/>.</summary>
    public static Option<string[]> Text { get; } = new("--text") { Description = "A text; repeatable.", HelpName = "TEXT" };

    /// <summary>For <see cref="Texts"/>.</summary>
    public static Option<string?> File { get; } = new("--file") { Description = "A file with a text on each line.", HelpName = "FILE" };

    /// <summary>Another folder than <c>models</c>.</summary>
    public static Option<string?> Folder { get; } = new("--models")
    {
        Description = $"Folder of the models; models in the checkout, or that of the variable {ModelFolder.Variable}, when left out.",
        HelpName = "DIR",
    };

    /// <summary>The folder of the named model.</summary>
    /// <exception cref="UserError">There is no such model.</exception>
    public static string Path(ParseResult parse) => Path(parse.GetValue(Name)!, parse.GetValue(Folder));

    /// <summary>The folder of a model.</summary>
    /// <exception cref="UserError">There is no such model.</exception>
    public static string Path(string model, string? folder) => model == MiniLm.Name
        ? ModelFolder.Of(RunFolders.Root(), model, folder)
        : throw new UserError($"There is no model '{OneLine.Quote(model)}'; there is {MiniLm.Name}.");

    /// <summary>The texts of the command line and of its file.</summary>
    /// <exception cref="UserError">There are none.</exception>
    public static IReadOnlyList<string> Texts(ParseResult parse)
    {
        string[] texts = [.. parse.GetValue(Text) ?? [], .. parse.GetValue(File) is { } path ? Lines(path) : []];
        return texts.Length > 0 ? texts : throw new UserError($"Give a text, by {Text.Name} TEXT or {File.Name} FILE.");
    }

    // One a line; empty lines are left out.
    private static string[] Lines(string file)
    {
        string[] lines = [.. System.IO.File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return lines.Length > 0 ? lines : throw new UserError(OneLine.Clean($"{file}: there is no text in it."));
    }
}
