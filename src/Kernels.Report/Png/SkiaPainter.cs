#if WITH_SKIASHARP
using SkiaSharp;

namespace Kernels.Report.Png;

/// <summary>Draws shapes on a canvas of SkiaSharp.</summary>
internal sealed class SkiaPainter(SKCanvas canvas, IReadOnlyList<string> fontFamilies)
{
    /// <exception cref="FormatException">A shape cannot be drawn.</exception>
    public void Draw(SvgShape shape)
    {
        switch (shape)
        {
            case SvgShape.Path path:
                Outline(path);
                break;
            case SvgShape.Text text:
                Write(text);
                break;
            default:
                throw new FormatException($"{shape.GetType().Name} cannot be drawn");
        }
    }

    private void Outline(SvgShape.Path path)
    {
        using SKPath outline = SKPath.ParseSvgPathData(path.Commands) ?? throw new FormatException($"'{path.Commands}' is no path");
        Paint(path.Paint, paint => canvas.DrawPath(outline, paint));
    }

    private void Write(SvgShape.Text text)
    {
        SKTextAlign align = text.Anchor switch
        {
            TextAnchor.Middle => SKTextAlign.Center,
            TextAnchor.End => SKTextAlign.Right,
            _ => SKTextAlign.Left,
        };
        using SKFont font = FontFor(text);
        canvas.Save();
        canvas.RotateDegrees((float)text.Rotation, (float)text.X, (float)text.Y);
        Paint(text.Paint, paint => canvas.DrawText(text.Content, (float)text.X, (float)text.Y, align, font, paint));
        canvas.Restore();
    }

    // Unlike a browser, Skia draws a text in one font and omits characters that the font lacks.
    private SKFont FontFor(SvgShape.Text text)
    {
        using var style = new SKFontStyle(text.Weight, (int)SKFontStyleWidth.Normal, SKFontStyleSlant.Upright);
        // Threads share typefaces, so none is disposed here.
        var typefaces = fontFamilies.Select(name => SKFontManager.Default.MatchFamily(name, style)).OfType<SKTypeface>();
        foreach (SKTypeface typeface in typefaces.Append(SKTypeface.Default))
        {
            var font = new SKFont(typeface, (float)text.Size) { Subpixel = true };
            if (font.ContainsGlyphs(text.Content))
                return font;
            font.Dispose();
        }
        throw new FormatException($"no font has every character of '{text.Content}'");
    }

    private static void Paint(SvgPaint look, Action<SKPaint> draw)
    {
        if (look.StrokeFirst)
            Stroke(look, draw);
        Fill(look, draw);
        if (!look.StrokeFirst)
            Stroke(look, draw);
    }

    private static void Fill(SvgPaint look, Action<SKPaint> draw)
    {
        if (look.Fill is null)
            return;
        using var paint = new SKPaint { IsAntialias = true, Color = SKColor.Parse(look.Fill) };
        draw(paint);
    }

    private static void Stroke(SvgPaint look, Action<SKPaint> draw)
    {
        if (look.Stroke is null)
            return;
        float[] dashes = [.. look.Dashes.Select(length => (float)length)];
        using SKPathEffect? dashed = dashes.Length == 0 ? null : SKPathEffect.CreateDash(dashes, 0);
        using var paint = new SKPaint
        {
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            Color = SKColor.Parse(look.Stroke).WithAlpha((byte)Math.Round(255 * look.StrokeOpacity)),
            StrokeWidth = (float)look.StrokeWidth,
            StrokeJoin = look.RoundJoin ? SKStrokeJoin.Round : SKStrokeJoin.Miter,
            PathEffect = dashed,
        };
        draw(paint);
    }
}
#endif
