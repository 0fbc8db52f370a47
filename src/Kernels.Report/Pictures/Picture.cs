using Kernels.Report.Charts;
using ScottPlot;
using SkiaSharp;

namespace Kernels.Report.Pictures;

/// <summary>A chart as a picture by ScottPlot.</summary>
public static class Picture
{
    // Pixels of a PNG file for each of the drawing, for screens of high resolution.
    private const int Scale = 2;

    static Picture()
    {
        Fonts.FontResolvers.Insert(0, new InterFont());
        Fonts.Default = InterFont.Name;
    }

    /// <summary>Pixels that the picture of a drawing is high.</summary>
    public static float Height(Drawing drawing) => drawing switch
    {
        LineChart lines => LinePicture.HeightOf(lines),
        BarChart bars => BarPicture.HeightOf(bars),
        RowChart rows => RowPicture.HeightOf(rows),
        HeatMap map => HeatPicture.HeightOf(map),
        _ => throw new ArgumentOutOfRangeException(nameof(drawing), drawing, null),
    };

    /// <summary>The picture as an SVG document.</summary>
    public static string Svg(Drawing drawing)
    {
        Frame frame = Plot(drawing);
        return SvgFile.Rewrite(frame.Plot.GetSvgXml(frame.Width, frame.Height), drawing);
    }

    /// <summary>The picture as a PNG file.</summary>
    public static byte[] Png(Drawing drawing)
    {
        Frame frame = Plot(drawing);
        using var surface = SKSurface.Create(
            new SKImageInfo(frame.Width * Scale, frame.Height * Scale, SKColorType.Rgba8888, SKAlphaType.Opaque));
        frame.Plot.ScaleFactor = Scale;
        frame.Plot.Render(surface.Canvas, frame.Width * Scale, frame.Height * Scale);
        using SKPixmap pixels = surface.PeekPixels();
        return PngFile.Of(pixels);
    }

    private static Frame Plot(Drawing drawing) => drawing switch
    {
        LineChart lines => LinePicture.Of(lines),
        BarChart bars => BarPicture.Of(bars),
        RowChart rows => RowPicture.Of(rows),
        HeatMap map => HeatPicture.Of(map),
        _ => throw new ArgumentOutOfRangeException(nameof(drawing), drawing, null),
    };
}
