namespace Kernels.Report.Png;

/// <summary>Converts SVG files to PNG files.</summary>
public interface IPngRenderer
{
    /// <summary>Its name, for messages.</summary>
    string Name { get; }

    /// <summary>Renders at twice the drawing's size on white.</summary>
    /// <returns>Null, or the reason of the failure as a sentence.</returns>
    Task<string?> RenderAsync(string svgFile, string pngFile, CancellationToken cancellation);
}
