using Kernels.Results;

namespace Kernels.Report.Png;

/// <summary>rsvg-convert of librsvg.</summary>
public sealed class RsvgConvert(string program) : IPngRenderer
{
    /// <inheritdoc/>
    public string Name => "rsvg-convert";

    /// <summary>Searches PATH.</summary>
    public static RsvgConvert? Find() => SystemProgram.Find("rsvg-convert") is { } program ? new(program) : null;

    /// <inheritdoc/>
    public Task<string?> RenderAsync(string svgFile, string pngFile, CancellationToken cancellation) =>
        ExternalProgram.RunAsync(
            program, ["--zoom", "2", "--background-color", "white", "--output", pngFile, svgFile], pngFile, cancellation);
}
