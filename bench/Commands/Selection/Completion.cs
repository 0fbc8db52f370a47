using System.CommandLine.Completions;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Names for tab completion; of a list with commas, for its last item.</summary>
internal static class Completion
{
    /// <summary>The names of kernels.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Kernels { get; } = Of(() => Catalog.All.Select(kernel => kernel.Info.Name));

    /// <summary>Names that are known when a completion is asked for.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Of(Func<IEnumerable<string>> names) => context =>
    {
        string before = context.WordToComplete[..(context.WordToComplete.LastIndexOf(',') + 1)];
        return names().Select(name => new CompletionItem(before + name));
    };
}
