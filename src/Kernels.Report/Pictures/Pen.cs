using Kernels.Report.Charts;
using SkiaSharp;

namespace Kernels.Report.Pictures;

/// <summary>Draws lines, markers and texts in the light colours of the palette.</summary>
internal static class Pen
{
    /// <summary>A colour, more transparent with a lower opacity.</summary>
    public static SKColor Colour(Paint paint, double opacity = 1) => SKColor.Parse(paint.Light).WithAlpha((byte)Math.Round(255 * opacity));

    /// <summary>Width of a text in pixels.</summary>
    public static float Width(string text, float size = 12, bool bold = false) => InterFont.Width(XmlText.Clean(text), size, bold);

    /// <summary>A line of text; <paramref name="y"/> is its baseline, <paramref name="degrees"/> its slope, and a halo is a blank background.</summary>
    public static void Text(
        SKCanvas canvas, double x, double y, string text, Paint paint, float size = 12, bool bold = false,
        SKTextAlign align = SKTextAlign.Left, double degrees = 0, bool halo = false)
    {
        string clean = XmlText.Clean(text);
        if (clean.Length == 0)
            return;
        using SKFont font = InterFont.Of(size, bold);
        using var ink = new SKPaint { Color = Colour(paint), IsAntialias = true };
        canvas.Save();
        canvas.Translate((float)x, (float)y);
        canvas.RotateDegrees((float)degrees);
        if (halo)
        {
            using var blank = new SKPaint { Color = Colour(Palette.Surface, 0.8) };
            float width = font.MeasureText(clean);
            float left = align switch { SKTextAlign.Left => 0, SKTextAlign.Center => -width / 2, _ => -width };
            canvas.DrawRect(left - 2, -size, width + 4, size * 1.3f, blank);
        }
        canvas.DrawText(clean, 0, 0, align, font, ink);
        canvas.Restore();
    }

    /// <summary>Straight strokes between points.</summary>
    public static void Line(
        SKCanvas canvas, Paint paint, double width, IReadOnlyList<int> dashes, double opacity, params (double X, double Y)[] points)
    {
        using var path = new SKPath();
        path.MoveTo((float)points[0].X, (float)points[0].Y);
        foreach ((double x, double y) in points.Skip(1))
            path.LineTo((float)x, (float)y);
        using var stroke = new SKPaint
        {
            Style = SKPaintStyle.Stroke,
            StrokeWidth = (float)width,
            StrokeJoin = SKStrokeJoin.Round,
            Color = Colour(paint, opacity),
            IsAntialias = true,
        };
        using SKPath? dashed = dashes.Count == 0 ? null : Dashed(path, dashes);
        canvas.DrawPath(dashed ?? path, stroke);
    }

    /// <summary>A filled polygon.</summary>
    public static void Area(SKCanvas canvas, Paint paint, double opacity, params (double X, double Y)[] points)
    {
        using var path = new SKPath();
        path.AddPoly([.. points.Select(point => new SKPoint((float)point.X, (float)point.Y))]);
        using var fill = new SKPaint { Color = Colour(paint, opacity), IsAntialias = true };
        canvas.DrawPath(path, fill);
    }

    /// <summary>A marker around a point.</summary>
    public static void Marker(SKCanvas canvas, SeriesStyle style, double x, double y)
    {
        using var fill = new SKPaint { Color = Colour(style.Hollow ? Palette.Surface : style.Paint), IsAntialias = true };
        using var outline = new SKPaint { Style = SKPaintStyle.Stroke, StrokeWidth = 1.5f, Color = Colour(style.Paint), IsAntialias = true };
        if (style.Marker == Charts.Marker.Circle)
        {
            // Which Skia writes shorter than the path of one.
            canvas.DrawCircle((float)x, (float)y, 4, fill);
            canvas.DrawCircle((float)x, (float)y, 4, outline);
            return;
        }
        using SKPath path = SKPath.ParseSvgPathData(Markers.Path(style.Marker));
        path.Offset((float)x, (float)y);
        canvas.DrawPath(path, fill);
        canvas.DrawPath(path, outline);
    }

    /// <summary>A rectangle with an outline; its filling has the opacity.</summary>
    public static void Bar(SKCanvas canvas, Paint paint, double left, double top, double right, double bottom, double opacity)
    {
        var rectangle = new SKRect((float)left, (float)top, (float)right, (float)bottom);
        using var fill = new SKPaint { Color = Colour(paint, opacity), IsAntialias = true };
        using var outline = new SKPaint { Style = SKPaintStyle.Stroke, StrokeWidth = 1.2f, Color = Colour(paint), IsAntialias = true };
        canvas.DrawRect(rectangle, fill);
        canvas.DrawRect(rectangle, outline);
    }

    /// <summary>An interval with caps: nothing where it is no longer than a marker.</summary>
    public static void Interval(SKCanvas canvas, Paint paint, (double X, double Y) low, (double X, double Y) high)
    {
        if (Math.Abs(high.X - low.X) + Math.Abs(high.Y - low.Y) <= Markers.Size)
            return;
        (double capX, double capY) = low.X == high.X ? (6, 0) : (0, 6);
        Line(canvas, paint, 1.2, [], 1, low, high);
        Line(canvas, paint, 1.2, [], 1, (low.X - capX, low.Y - capY), (low.X + capX, low.Y + capY));
        Line(canvas, paint, 1.2, [], 1, (high.X - capX, high.Y - capY), (high.X + capX, high.Y + capY));
    }

    // Skia's SVG files do not support dashed strokes: each dash is a stroke of its own.
    private static SKPath Dashed(SKPath path, IReadOnlyList<int> dashes)
    {
        var dashed = new SKPath();
        using var measure = new SKPathMeasure(path);
        int index = 0;
        for (float begin = 0; begin < measure.Length; begin += dashes[index++ % dashes.Count])
        {
            if (index % 2 == 0)
                measure.GetSegment(begin, begin + dashes[index % dashes.Count], dashed, startWithMoveTo: true);
        }
        return dashed;
    }
}
