using System.Text;

namespace Kernels.Report.Html;

/// <summary>The page's style sheet and script, both written into the page, with ECharts.</summary>
public static class PageStyle
{
    /// <summary>The style sheet: colours from <see cref="Palette"/>, the rest from the embedded file.</summary>
    public static string Text { get; } = Colours() + Embedded("report.css");

    /// <summary>The script; the page works without it.</summary>
    public static string Script { get; } = Embedded("report.js");

    /// <summary>The script of the picker and of the address.</summary>
    public static string Picker { get; } = Embedded("picker.js");

    /// <summary>The script that draws the charts.</summary>
    public static string Charts { get; } = Embedded("charts.js");

    /// <summary>ECharts, which it draws with.</summary>
    public static string ECharts { get; } = Embedded("echarts.js");

    private static string Colours()
    {
        string light = string.Concat(Palette.All.Select(paint => $"--{paint.Role}:{paint.Light};"));
        string dark = string.Concat(Palette.All.Select(paint => $"--{paint.Role}:{paint.Dark};")) + "color-scheme:dark;";
        var css = new StringBuilder();
        // Prints are light: the dark rules apply to screens only.
        css.AppendLine($":root{{{light}color-scheme:light}}");
        css.AppendLine($"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}");
        css.AppendLine($"@media screen{{:root[data-theme=dark]{{{dark}}}}}");
        foreach (Paint paint in Palette.All)
            css.AppendLine($".f-{paint.Role}{{fill:var(--{paint.Role})}}.s-{paint.Role}{{stroke:var(--{paint.Role})}}");
        return css.ToString();
    }

    /// <summary>The text of a file of the assets.</summary>
    internal static string Embedded(string name)
    {
        using Stream stream = typeof(PageStyle).Assembly.GetManifestResourceStream($"Report.{name}")
            ?? throw new InvalidOperationException($"The resource Report.{name} is missing from the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
