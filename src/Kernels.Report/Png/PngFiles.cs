using System.Collections.Concurrent;

namespace Kernels.Report.Png;

/// <summary>Makes a PNG file beside each of several SVG files.</summary>
public static class PngFiles
{
    /// <summary>Renders the files in parallel.</summary>
    /// <returns>Failures, in one line; empty when all files were written.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(IReadOnlyList<string> svgFiles, IPngRenderer? renderer)
    {
        if (svgFiles.Count == 0)
            return [];
        if (renderer is null)
            return [PngRenderers.HowToInstall];
        var failures = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            svgFiles, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (svgFile, cancellation) =>
            {
                if (await renderer.RenderAsync(svgFile, Path.ChangeExtension(svgFile, ".png"), cancellation) is { } failure)
                    failures.Add(failure);
            });
        return failures.IsEmpty ? [] : [$"{failures.Count} of {svgFiles.Count} PNG files were not made: {failures.Order().First()}."];
    }
}
