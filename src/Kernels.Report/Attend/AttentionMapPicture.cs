using Kernels.Report.Pictures;
using ScottPlot;
using SkiaSharp;

namespace Kernels.Report.Attend;

/// <summary>Draws queries downwards and keys to the right with their tokens, and weights in numbers where there is room.</summary>
internal sealed class AttentionMapPicture(AttentionMap map, float cell) : DataPicture
{
    private const float Margin = 14, Letters = 12, LongestToken = 130, Side = 640, LargestCell = 40, SmallestWithText = 9;

    /// <summary>The plot of a map.</summary>
    public static Frame Of(AttentionMap map)
    {
        float cell = Math.Clamp(Side / Math.Max(map.Weights.Queries, map.Weights.Keys), 1, LargestCell);
        (float left, float above) = (Room(map.View.QueryTokens, cell), Room(map.View.KeyTokens, cell));
        (float width, float height) = (map.Weights.Keys * cell, map.Weights.Queries * cell);
        float titles = Math.Max(Pen.Width(map.Title, 16, bold: true), Pen.Width(map.Subtitle));
        float whole = Math.Max(left + width, titles) + 2 * Margin, top = Frame.Top + above;
        var frame = new Frame(
            map, whole, top + height + Margin, new PixelPadding(left + Margin, whole - left - Margin - width, Margin, top),
            (canvas, data) => Tokens(canvas, data, map.View, cell));
        frame.Plot.Axes.SetLimits(0, map.Weights.Keys, map.Weights.Queries, 0);
        frame.Plot.Add.Plottable(new AttentionMapPicture(map, cell));
        return frame;
    }

    /// <inheritdoc/>
    public override void Render(RenderPack pack)
    {
        using var fill = new SKPaint();
        // A gap between cells that are large enough for it.
        float gap = cell >= SmallestWithText ? 1 : 0;
        for (int query = 0; query < map.Weights.Queries; query++)
        {
            double darkest = WeightColours.Darkest(map.Weights.Row(query));
            for (int key = 0; key < map.Weights.Keys; key++)
            {
                double weight = map.Weights[query, key];
                bool sees = map.View.Sees(query, key);
                (float x, float y) = (Axes.GetPixelX(key), Axes.GetPixelY(query));
                fill.Color = sees ? WeightColours.Of(weight / darkest) : Pen.Colour(Palette.Minor);
                pack.Canvas.DrawRect(x, y, cell - gap, cell - gap, fill);
                if (sees && cell >= 30 && weight >= 0.095)
                {
                    Paint ink = weight > 0.35 ? Palette.Surface : Palette.Ink;
                    string text = weight >= 0.995 ? "1" : weight.ToString(".00");
                    Pen.Text(pack.Canvas, x + cell / 2, y + cell / 2 + 4, text, ink, size: 11, align: SKTextAlign.Center);
                }
            }
        }
    }

    private static void Tokens(SKCanvas canvas, PixelRect data, AttentionView view, float cell)
    {
        using var line = new SKPaint { Style = SKPaintStyle.Stroke, Color = Pen.Colour(Palette.Grid) };
        canvas.DrawRect(data.Left - 0.5f, data.Top - 0.5f, data.Width, data.Height, line);
        if (cell < SmallestWithText)
            return;
        float size = Math.Min(Letters, cell);
        for (int query = 0; query < view.QueryTokens.Count; query++)
        {
            float y = data.Top + (query + 0.5f) * cell + size / 3;
            Pen.Text(canvas, data.Left - 7, y, Fitting(view.QueryTokens[query]), Palette.Ink, size, align: SKTextAlign.Right);
        }
        for (int key = 0; key < view.KeyTokens.Count; key++)
        {
            float x = data.Left + (key + 0.5f) * cell + size / 3;
            Pen.Text(canvas, x, data.Top - 7, Fitting(view.KeyTokens[key]), Palette.Ink, size, degrees: -90);
        }
    }

    private static float Room(IReadOnlyList<string> tokens, float cell) =>
        cell < SmallestWithText ? 0 : tokens.Max(token => Pen.Width(Fitting(token), Letters)) + 8;

    private static string Fitting(string token)
    {
        if (Pen.Width(token, Letters) <= LongestToken)
            return token;
        // By code points, so that none is cut in two.
        var runes = token.EnumerateRunes().ToList();
        while (runes.Count > 1 && Pen.Width(string.Concat(runes) + "…", Letters) > LongestToken)
            runes.RemoveAt(runes.Count - 1);
        return string.Concat(runes) + "…";
    }
}
