using ScottPlot;
using SkiaSharp;

namespace Kernels.Report.Pictures;

/// <summary>
/// A plot with title, axes, ticks and grid, and a panel that draws what stands outside the data: ScottPlot clips plottables, but not
/// panels.
/// </summary>
internal sealed class Frame : IPanel
{
    /// <summary>Pixels above the data, for title and subtitle.</summary>
    public const float Top = 58;

    // Pixels of a PNG file for each of the plot, for screens of high resolution.
    private const int Scale = 2;

    private const float LargeTitle = 16;

    private readonly Drawing drawing;
    private readonly Action<SKCanvas, PixelRect> outside;
    private readonly float titleSize;

    static Frame()
    {
        Fonts.FontResolvers.Insert(0, new InterFont());
        Fonts.Default = InterFont.Name;
    }

    /// <summary>Makes the plot.</summary>
    /// <param name="drawing">Whose titles it has.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="padding">Pixels around the data.</param>
    /// <param name="outside">Draws labels beside the data.</param>
    /// <param name="titleSize">Pixels of the title; a small one stands without a subtitle.</param>
    public Frame(
        Drawing drawing, float width, float height, PixelPadding padding, Action<SKCanvas, PixelRect> outside, float titleSize = LargeTitle)
    {
        (this.drawing, this.outside, this.titleSize, Width, Height) = (drawing, outside, titleSize, (int)Math.Ceiling(width), (int)Math.Ceiling(height));
        Plot.Layout.Fixed(padding);
        Plot.FigureBackground.Color = Plot.DataBackground.Color = Colour(Palette.Surface);
        Plot.Axes.AddPanel(this);
        foreach (IAxis axis in Plot.Axes.GetAxes())
        {
            axis.FrameLineStyle.Color = Colour(Palette.Frame);
            axis.MajorTickStyle.Length = axis.MinorTickStyle.Length = 0;
            axis.TickLabelStyle.ForeColor = Colour(Palette.Muted);
            axis.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        }
        Plot.Grid.MajorLineColor = Colour(Palette.Grid);
        Plot.Grid.MinorLineColor = Colour(Palette.Minor);
        Plot.Grid.MinorLineWidth = 1;
    }

    /// <summary>The plot.</summary>
    public Plot Plot { get; } = new();

    /// <summary>Width of the picture in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the picture in pixels.</summary>
    public int Height { get; }

    /// <inheritdoc/>
    public bool IsVisible { get; set; } = true;

    /// <inheritdoc/>
    public float MinimumSize { get; set; }

    /// <inheritdoc/>
    public float MaximumSize { get; set; }

    /// <inheritdoc/>
    public Edge Edge => Edge.Top;

    /// <inheritdoc/>
    public bool ShowDebugInformation { get; set; }

    /// <summary>Gives an axis of the plot its range, ticks and title.</summary>
    public void Set(IAxis target, Axis axis, double pixels, double space)
    {
        IReadOnlyList<Tick> labelled = axis.Fitting(pixels, space);
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        foreach (Tick tick in axis.Ticks)
        {
            if (labelled.Contains(tick))
                ticks.AddMajor(axis.At(tick.Value), tick.Text);
            else if (tick.Level <= labelled.Max(shown => shown.Level) + 1)
                ticks.AddMinor(axis.At(tick.Value));
        }
        (target.Min, target.Max, target.TickGenerator) = (axis.At(axis.Low), axis.At(axis.High), ticks);
    }

    /// <summary>The plot as a PNG file.</summary>
    public byte[] Png()
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width * Scale, Height * Scale, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Plot.ScaleFactor = Scale;
        Plot.Render(surface.Canvas, Width * Scale, Height * Scale);
        using SKPixmap pixels = surface.PeekPixels();
        return PngFile.Of(pixels);
    }

    /// <inheritdoc/>
    public float Measure(ScottPlot.Paint paint) => Top;

    /// <inheritdoc/>
    public PixelRect GetPanelRect(PixelRect dataRect, float size, float offset, ScottPlot.Paint paint) =>
        new(dataRect.Left, dataRect.Right, dataRect.Top, dataRect.Top - size);

    /// <inheritdoc/>
    public void Render(RenderPack pack, float size, float offset)
    {
        Pen.Text(pack.Canvas, 10, titleSize + 6, drawing.Title, Palette.Ink, titleSize, bold: true);
        if (titleSize == LargeTitle)
            Pen.Text(pack.Canvas, 10, 41, drawing.Subtitle, Palette.Muted);
        outside(pack.Canvas, pack.DataRect);
    }

    private static Color Colour(Paint paint) => Color.FromHex(paint.Light);
}
