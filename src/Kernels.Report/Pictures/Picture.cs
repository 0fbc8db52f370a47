using Kernels.Report.Charts;

namespace Kernels.Report.Pictures;

/// <summary>A chart as a picture by ScottPlot.</summary>
public static class Picture
{
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
    public static byte[] Png(Drawing drawing) => Plot(drawing).Png();

    private static Frame Plot(Drawing drawing) => drawing switch
    {
        LineChart lines => LinePicture.Of(lines),
        BarChart bars => BarPicture.Of(bars),
        RowChart rows => RowPicture.Of(rows),
        HeatMap map => HeatPicture.Of(map),
        _ => throw new ArgumentOutOfRangeException(nameof(drawing), drawing, null),
    };
}
