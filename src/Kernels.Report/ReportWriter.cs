using System.Collections.Concurrent;
using Kernels.Report.Charts;
using Kernels.Report.Files;
using Kernels.Report.Html;
using Kernels.Report.Model;
using Kernels.Report.Pictures;
using Kernels.Results;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kernels.Report;

/// <summary>Writes the report from results alone: page, charts, table and summary.</summary>
public static class ReportWriter
{
    /// <summary>
    /// Writes index.html, results.csv, summary.md and charts/*.svg and *.png into <paramref name="folder"/>, replacing an earlier report
    /// there and nothing else.
    /// </summary>
    /// <param name="runs">The runs to show, at least one.</param>
    /// <param name="folder">Created when it does not exist.</param>
    /// <param name="withPng">Whether there are PNG files, which take most of the time.</param>
    /// <exception cref="UserError">A file that no report wrote would be overwritten.</exception>
    public static void Write(IReadOnlyList<RunResults> runs, string folder, bool withPng = true)
    {
        if (runs.Count == 0)
            throw new ArgumentException("A report needs at least one run.", nameof(runs));
        var data = new ReportData(runs);
        var styles = new KernelStyles(data);
        var charts = new ChartSet(data, styles);
        var pictures = new ConcurrentDictionary<Chart, string>();
        var files = new ConcurrentDictionary<string, byte[]>();
        Parallel.ForEach(charts.All, chart =>
        {
            pictures[chart] = Picture.Svg(chart.Drawing);
            if (withPng)
                files[$"{ReportFolder.Charts}/{chart.FileName}.png"] = Picture.Png(chart.Drawing);
        });
        string page = RenderAsync(data, charts, pictures, styles, folder).GetAwaiter().GetResult();

        Dictionary<string, string> texts = pictures.ToDictionary(picture => $"{ReportFolder.Charts}/{picture.Key.FileName}.svg", picture => picture.Value);
        texts.Add(CsvFile.Name, CsvFile.Text(data));
        texts.Add(MarkdownSummary.Name, MarkdownSummary.Text(data));
        texts.Add(ReportFolder.Page, page);
        ReportFolder.Prepare(
            folder,
            [.. texts.Keys, .. charts.All.Select(chart => $"{ReportFolder.Charts}/{chart.FileName}.png")]);
        foreach ((string file, string text) in texts)
            WholeFile.WriteText(Path.Combine(folder, file), text);
        foreach ((string file, byte[] bytes) in files)
            WholeFile.Write(Path.Combine(folder, file), stream => stream.Write(bytes));
    }

    private static async Task<string> RenderAsync(
        ReportData data, ChartSet charts, IReadOnlyDictionary<Chart, string> pictures, KernelStyles styles, string folder)
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(Page.Data)] = data,
            [nameof(Page.Charts)] = charts,
            [nameof(Page.Pictures)] = pictures,
            [nameof(Page.Styles)] = styles,
            [nameof(Page.Folder)] = folder,
        });
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<Page>(parameters)).ToHtmlString());
    }
}
