using Kernels.Abstractions;
using Kernels.Bench.PeerPrograms;
using Kernels.Bench.Results;

namespace Kernels.Bench.Commands;

/// <summary>Kernels as results and documents describe them.</summary>
internal static class KernelListing
{
    /// <summary>Where a document has the table.</summary>
    public static MarkedBlock Table { get; } = new("kernels");

    /// <summary>What a kernel says of itself, and whether this machine can run it.</summary>
    public static KernelResult Describe(AttentionKernel kernel) => new()
    {
        Name = kernel.Info.Name,
        Family = kernel.Info.Family,
        Definition = kernel.Info.Definition.Name,
        Idea = kernel.Info.Idea,
        BuildsOn = kernel.Info.BuildsOn,
        Source = kernel.Info.Source,
        Device = kernel.Device,
        NeedsDevice = kernel is DeviceKernel,
        Emulated = kernel is DeviceKernel { IsEmulated: true },
        Precision = kernel.Info.Precision.ToString().ToLowerInvariant(),
        Version = (kernel as PeerKernel)?.Version,
        Available = kernel.Unavailable is null,
        Reason = kernel.Unavailable,
    };

    /// <summary>The table of the README: the same on every machine, so without what this one can run.</summary>
    public static string Markdown(IEnumerable<AttentionKernel> kernels)
    {
        IEnumerable<string> rows = kernels.Select(kernel => kernel.Info).Select(info =>
            $"| `{info.Name}` | {Cell(info.Idea)} | {(info.BuildsOn is null ? "" : $"`{info.BuildsOn}`")} | {info.Definition.Name} | {Cell(info.Source)} |");
        return string.Join('\n', [
            "| kernel | idea | builds on | computes | source |",
            "|---|---|---|---|---|",
            .. rows]) + "\n";
    }

    private static string Cell(string? text) => text?.Replace("|", "\\|") ?? "";
}
