using Kernels.Abstractions;

namespace Kernels.Bench.Commands;

/// <summary>The table of kernels for documents.</summary>
internal static class KernelListing
{
    /// <summary>The markers of the table in a document.</summary>
    public static MarkedBlock Table { get; } = new("kernels");

    /// <summary>The table of docs/kernels.md: the same on every machine, so without availability.</summary>
    public static string Markdown(IEnumerable<Kernel> kernels)
    {
        IEnumerable<string> rows = kernels.Select(kernel => kernel.Info).Select(info =>
            $"| `{info.Name}` | {Cell(info.Idea)} | {(info.BuildsOn is null ? "" : $"`{info.BuildsOn}`")} | {Computes(info)} | {Cell(info.Source)} |");
        return string.Join('\n', [
            "| kernel | idea | builds on | computes | source |",
            "|---|---|---|---|---|",
            .. rows]) + "\n";
    }

    private static string Computes(KernelInfo info) =>
        info.Format == Format.Float32 ? info.Operation.Name : $"{info.Operation.Name}, {info.Format.Words}";

    private static string Cell(string? text) => text?.Replace("|", "\\|") ?? "";
}
