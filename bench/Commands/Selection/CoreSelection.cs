using System.CommandLine;
using Kernels.Abstractions;
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
    public static Kernel One(string name, LayerOperation layer)
    {
        Kernel kernel = KernelSelection.One(name);
        return WhyNot(kernel, layer) is { } reason ? throw new UserError($"{Option.Name}: {reason}.") : kernel;
    }

    /// <summary>Why a kernel cannot be within a layer; null when it can.</summary>
    public static string? WhyNot(Kernel kernel, LayerOperation layer)
    {
        KernelInfo info = kernel.Info;
        return info.Operation != layer.Core || info.Format != Format.Float32
            ? $"{info.Name} computes {info.Operation} in {info.Format}, not {layer.Core} in float32"
            : kernel.Backend is { } backend ? $"{info.Name} runs on {backend.Name}, not in this process"
            : null;
    }
}
