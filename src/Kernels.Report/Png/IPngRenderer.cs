namespace Kernels.Report.Png;

/// <summary>Something that makes a PNG file of an SVG file.</summary>
public interface IPngRenderer
{
    /// <summary>What it is, for messages.</summary>
    string Name { get; }

    /// <summary>Renders at twice the drawing's size on white.</summary>
    /// <returns>Null, or the sentence that says why it failed.</returns>
    Task<string?> RenderAsync(string svgFile, string pngFile, CancellationToken cancellation);
}
