using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Results;
using Kernels.Training.Graphs;

namespace Kernels.Bench.Commands.Selection;

/// <summary>The kernels that a training runs on.</summary>
internal static class TrainingSelection
{
    private const string Forward = "flash-lse-", Backward = "flash-backward-";

    /// <summary>The attention of the way forward.</summary>
    public static Option<string?> Attention { get; } = Of("--attention", Operations.SoftmaxLse);

    /// <summary>Its gradients.</summary>
    public static Option<string?> AttentionBackward { get; } = Of("--attention-backward", Operations.SoftmaxBackward);

    /// <summary>The names of the command line by operation; those of the widest flash kernels of this machine where none are given.</summary>
    /// <exception cref="UserError">A name is that of no kernel of the operation in float32 that runs in this process.</exception>
    public static IReadOnlyDictionary<string, string> Names(ParseResult parse) => new[]
    {
        One(Attention.Name, parse.GetValue(Attention) ?? Widest(Forward), Operations.SoftmaxLse),
        One(AttentionBackward.Name, parse.GetValue(AttentionBackward) ?? Widest(Backward), Operations.SoftmaxBackward),
    }.ToDictionary(kernel => kernel.Info.Operation.Name, kernel => kernel.Info.Name);

    /// <summary>The kernels of names by operation.</summary>
    /// <exception cref="UserError">As for <see cref="Names"/>, or an operation has no name.</exception>
    public static TrainingKernels Kernels(IReadOnlyDictionary<string, string> names)
    {
        return new(Of(Operations.SoftmaxLse), Of(Operations.SoftmaxBackward));

        Kernel Of(Operation operation) => names.TryGetValue(operation.Name, out string? name)
            ? One(TrainingResults.FileName, name, operation)
            : throw new UserError($"{TrainingResults.FileName} names no kernel of {operation}.");
    }

    /// <summary>The widest flash kernels of this machine.</summary>
    public static TrainingKernels WidestKernels() => new(
        One(Attention.Name, Widest(Forward), Operations.SoftmaxLse), One(AttentionBackward.Name, Widest(Backward), Operations.SoftmaxBackward));

    private static Option<string?> Of(string name, Operation operation) => new(name)
    {
        Description = $"A kernel of operation {operation} in float32; the widest flash kernel of this machine when left out.",
        HelpName = "KERNEL",
        CompletionSources = { Completion.Kernels },
    };

    // A list of kernels ends with the widest.
    private static string Widest(string prefix) => Catalog.All.Last(kernel => kernel.Info.Name.StartsWith(prefix, StringComparison.Ordinal) && kernel.Unavailable is null).Info.Name;

    private static Kernel One(string source, string name, Operation operation)
    {
        Kernel kernel = KernelSelection.One(name);
        string? reason = kernel.Info.Operation != operation || kernel.Info.Format != Format.Float32
            ? $"{kernel.Info.Name} computes {kernel.Info.Operation} in {kernel.Info.Format}, not {operation} in float32"
            : kernel.Backend is { } backend ? $"{kernel.Info.Name} runs on {backend.Name}, not in this process"
            : kernel.Unavailable is { } unavailable ? $"{kernel.Info.Name}: {unavailable}"
            : null;
        return reason is null ? kernel : throw new UserError($"{source}: {reason}.");
    }
}
