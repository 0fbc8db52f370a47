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
        var texts = new ConcurrentDictionary<string, string>();
        var files = new ConcurrentDictionary<string, byte[]>();
        Parallel.ForEach(charts.All, chart =>
        {
            texts[$"{ReportFolder.Charts}/{chart.FileName}.svg"] = Picture.Svg(chart.Drawing);
            if (withPng)
                files[$"{ReportFolder.Charts}/{chart.FileName}.png"] = Picture.Png(chart.Drawing);
        });
        texts[CsvFile.Name] = CsvFile.Text(data);
        texts[MarkdownSummary.Name] = MarkdownSummary.Text(data);
        texts[ReportFolder.Page] = RenderAsync(data, charts, styles, folder).GetAwaiter().GetResult();
        ReportFolder.Prepare(
            folder,
            [.. texts.Keys, .. charts.All.Select(chart => $"{ReportFolder.Charts}/{chart.FileName}.png")]);
        foreach ((string file, string text) in texts)
            WholeFile.WriteText(Path.Combine(folder, file), text);
        foreach ((string file, byte[] bytes) in files)
            WholeFile.Write(Path.Combine(folder, file), stream => stream.Write(bytes));
    }

    private static async Task<string> RenderAsync(ReportData data, ChartSet charts, KernelStyles styles, string folder)
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(Page.Data)] = data,
            [nameof(Page.Charts)] = charts,
            [nameof(Page.Styles)] = styles,
            [nameof(Page.Folder)] = folder,
        });
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<Page>(parameters)).ToHtmlString());
    }
}
