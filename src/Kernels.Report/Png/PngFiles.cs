using System.Collections.Concurrent;
using Kernels.Results;

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
                if (await RenderAsync(svgFile, Path.ChangeExtension(svgFile, ".png"), renderer, cancellation) is { } failure)
                    failures.Add(failure);
            });
        return failures.IsEmpty ? [] : [$"{failures.Count} of {svgFiles.Count} PNG files were not made: {failures.Order().First()}."];
    }

    private static async Task<string?> RenderAsync(string svgFile, string pngFile, IPngRenderer renderer, CancellationToken cancellation)
    {
        string unfinished = WholeFile.UnfinishedName(pngFile);
        try
        {
            string? failure = await renderer.RenderAsync(svgFile, unfinished, cancellation);
            if (failure is null)
                File.Move(unfinished, pngFile, overwrite: true);
            return failure?.Replace(Path.GetFileName(unfinished), Path.GetFileName(pngFile), StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{Path.GetFileName(pngFile)} could not be written: {error.Message.TrimEnd('.')}";
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
