using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Results;
using Kernels.Training.Graphs;

namespace Kernels.Bench.Commands.Selection;

/// <summary>The kernels that a training runs on, one for each operation that it needs.</summary>
internal static class TrainingSelection
{
    // The families whose last kernel that this machine can run is the widest.
    private static readonly string[] usual = ["flash-lse-", "flash-backward-", "layers-tiled-"];

    /// <summary>The option.</summary>
    public static Option<string?> Option { get; } = new("--kernels")
    {
        Description = $"Names of kernels, each in place of the usual one of its operation: {string.Join(", ", TrainingKernels.Needed)}.",
        HelpName = "KERNEL,…",
        CompletionSources = { Completion.Kernels },
    };

    /// <summary>The named kernels, and the usual ones of this machine for the other operations.</summary>
    /// <param name="text">Names with commas between them; null for none.</param>
    /// <exception cref="UserError">A name is that of no kernel that a training can run on, or there are two of one operation.</exception>
    public static TrainingKernels Parse(string? text) => Of(Option.Name, text is null ? [] : CommaList.Split(Option.Name, text));

    /// <summary>The same from names.</summary>
    /// <param name="source">Where the names stand, for messages.</param>
    /// <param name="names">The names.</param>
    /// <exception cref="UserError">As for <see cref="Parse"/>.</exception>
    public static TrainingKernels Of(string source, IEnumerable<string> names)
    {
        Dictionary<Operation, Kernel> kernels = [];
        foreach (Kernel kernel in names.Select(name => KernelSelection.One(name)))
        {
            if (WhyNot(kernel) is { } reason)
                throw new UserError($"{source}: {reason}.");
            if (!kernels.TryAdd(kernel.Info.Operation, kernel))
                throw new UserError($"{source} names two kernels of {kernel.Info.Operation}: {kernels[kernel.Info.Operation].Info.Name} and "
                    + $"{kernel.Info.Name}.");
        }
        return new(TrainingKernels.Needed.Select(operation => kernels.GetValueOrDefault(operation) ?? Usual(operation)));
    }

    /// <summary>Their names by operation.</summary>
    public static IReadOnlyDictionary<string, string> Names(TrainingKernels kernels) =>
        kernels.All.ToDictionary(kernel => kernel.Info.Operation.Name, kernel => kernel.Info.Name);

    private static Kernel Usual(Operation operation) => Catalog.All.Last(kernel =>
        kernel.Info.Operation == operation && WhyNot(kernel) is null && usual.Any(family => kernel.Info.Name.StartsWith(family, StringComparison.Ordinal)));

    private static string? WhyNot(Kernel kernel) =>
        !TrainingKernels.Needed.Contains(kernel.Info.Operation) || kernel.Info.Format != Format.Float32
            ? $"{kernel.Info.Name} computes {kernel.Info.Operation} in {kernel.Info.Format}, and a training needs "
                + $"{string.Join(", ", TrainingKernels.Needed)} in float32"
            : kernel.Backend is { } backend ? $"{kernel.Info.Name} runs on {backend.Name}, not in this process"
            : kernel.Unavailable is { } unavailable ? $"{kernel.Info.Name} {unavailable}"
            : null;
}
