using System.IO.Enumeration;
using Kernels.Abstractions;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Kernels chosen by name.</summary>
public static class KernelSelection
{
    /// <summary>
    /// Kernels whose names match any of the globs, in the order of the catalog: <c>*</c> stands for any letters, <c>?</c> for one, commas
    /// separate, case does not matter. All kernels when null.
    /// </summary>
    /// <exception cref="UserError">A glob matches nothing.</exception>
    public static IReadOnlyList<AttentionKernel> Parse(string? globs)
    {
        if (globs is null)
            return Catalog.All;
        string[] patterns = CommaList.Split(SelectionOptions.KernelsName, globs);
        foreach (string pattern in patterns)
            if (!Catalog.All.Any(kernel => Matches(pattern, kernel)))
                throw Unknown(pattern);
        return [.. Catalog.All.Where(kernel => patterns.Any(pattern => Matches(pattern, kernel)))];
    }

    /// <summary>The kernel of this name.</summary>
    /// <exception cref="UserError">There is none.</exception>
    public static AttentionKernel One(string name) =>
        Catalog.All.FirstOrDefault(kernel => kernel.Info.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(name);

    private static bool Matches(string pattern, AttentionKernel kernel) =>
        FileSystemName.MatchesSimpleExpression(pattern, kernel.Info.Name, ignoreCase: true);

    private static UserError Unknown(string word) =>
        Nearest.Unknown("kernel", word, Catalog.All.Select(kernel => kernel.Info.Name));
}
