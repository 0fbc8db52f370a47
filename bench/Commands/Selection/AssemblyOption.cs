using System.CommandLine;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary><c>--assembly</c>: a user's own kernels, operations and masks beside those of the suite.</summary>
internal static class AssemblyOption
{
    /// <summary>The option; one instance for all verbs.</summary>
    public static Option<string[]> Option { get; } = new("--assembly")
    {
        Description = "Also the kernels, operations and masks of a .NET assembly of your own; may be given several times. See new --help.",
        HelpName = "PATH",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>The option for each added assembly, for another process of this program.</summary>
    public static IEnumerable<string> Words => Catalog.Assemblies.SelectMany(each => (string[])[Option.Name, each.Path]);

    /// <summary>Adds the assemblies of a command line to the catalog, before anything is selected.</summary>
    /// <exception cref="UserError">One cannot be used.</exception>
    public static void Join(ParseResult parse)
    {
        if (Option.IsGiven(parse))
            Join(parse.GetValue(Option) ?? []);
    }

    /// <summary>Adds assemblies that were not added before.</summary>
    /// <exception cref="UserError">One cannot be used.</exception>
    public static void Join(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            if (Catalog.Assemblies.All(each => each.Path != Path.GetFullPath(path)))
                Catalog.Join(UserAssembly.Load(path, Catalog.All));
        }
    }
}
