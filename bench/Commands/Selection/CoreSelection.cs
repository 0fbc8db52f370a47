using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Layers;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary><c>--core</c>: the attention kernel within layers.</summary>
internal static class CoreSelection
{
    /// <summary>The option.</summary>
    public static Option<string?> Option { get; } = new("--core")
    {
        Description = "The attention kernel within tiled layers: any of operation softmax in float32; the fastest tiles when left out.",
        HelpName = "KERNEL",
        CompletionSources = { Completion.Kernels },
    };

    /// <summary>The named kernel.</summary>
    /// <exception cref="UserError">There is none, or it is no kernel of the attention of a layer in float32 that runs in this process.</exception>
    public static Kernel One(string name, AttentionLayer layer)
    {
        Kernel kernel = KernelSelection.One(name);
        string? reason = LayerKernels.WhyNotCore(kernel, layer)
            ?? (kernel.Info.Operation == layer.Attention ? null
                : $"{kernel.Info.Name} computes {kernel.Info.Operation}, and the model was trained with {layer.Attention}");
        return reason is null ? kernel : throw new UserError($"{Option.Name}: {reason}.");
    }
}
