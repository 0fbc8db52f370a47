#if WITH_SKIASHARP
using System.Diagnostics;
using System.Xml.Linq;
using SkiaSharp;

namespace Kernels.Report.Png;

/// <summary>SkiaSharp, inside this process. It does not read SVG; <see cref="SvgDrawing"/> does.</summary>
public sealed class SkiaRenderer : IPngRenderer
{
    private const float Zoom = 2;

    private SkiaRenderer()
    {
    }

    /// <inheritdoc/>
    public string Name => "SkiaSharp";

    /// <summary>Null where its native library cannot be loaded.</summary>
    public static SkiaRenderer? Find()
    {
        try
        {
            using SKSurface? surface = SKSurface.Create(new SKImageInfo(1, 1));
            return surface is null ? null : new();
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException)
        {
            Trace.TraceInformation(exception.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<string?> RenderAsync(string svgFile, string pngFile, CancellationToken cancellation) =>
        Task.Run(() => Render(svgFile, pngFile), cancellation);

    private static string? Render(string svgFile, string pngFile)
    {
        try
        {
            SvgDrawing drawing = SvgDrawing.Read(XDocument.Load(svgFile).Root!);
            var size = new SKImageInfo((int)Math.Ceiling(Zoom * drawing.Width), (int)Math.Ceiling(Zoom * drawing.Height));
            using SKSurface surface = SKSurface.Create(size)
                ?? throw new FormatException($"{size.Width} × {size.Height} pixels cannot be drawn");
            surface.Canvas.Clear(SKColors.White);
            surface.Canvas.Scale(Zoom);
            var painter = new SkiaPainter(surface.Canvas, drawing.FontFamilies);
            foreach (SvgShape shape in drawing.Shapes)
                painter.Draw(shape);
            using SKImage image = surface.Snapshot();
            using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(pngFile, png.AsSpan());
            return null;
        }
        catch (Exception exception) when (exception is FormatException or IOException)
        {
            return $"SkiaSharp made no {Path.GetFileName(pngFile)}: {exception.Message}";
        }
    }
}
#endif
