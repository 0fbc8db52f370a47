using Kernels.Report.Charts;
using Kernels.Report.Files;
using Kernels.Report.Html;
using Kernels.Report.Model;
using Kernels.Report.Png;
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
    /// <returns>Messages for the user, such as why there are no PNG files; empty when all files were written.</returns>
    /// <exception cref="UserError">A file that no report wrote would be overwritten.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<RunResults> runs, string folder) =>
        Write(runs, folder, PngRenderers.Find());

    /// <summary>Like <see cref="Write(IReadOnlyList{RunResults}, string)"/>, with a given PNG renderer; null writes no PNG files.</summary>
    public static IReadOnlyList<string> Write(IReadOnlyList<RunResults> runs, string folder, IPngRenderer? png)
    {
        if (runs.Count == 0)
            throw new ArgumentException("A report needs at least one run.", nameof(runs));
        var data = new ReportData(runs);
        var styles = new KernelStyles(data);
        var charts = new ChartSet(data, styles);
        string page = RenderAsync(data, charts, styles, folder).GetAwaiter().GetResult();

        Dictionary<string, Chart> files = charts.All.ToDictionary(chart => $"{ReportFolder.Charts}/{chart.FileName}.svg");
        ReportFolder.Prepare(
            folder,
            [ReportFolder.Page, CsvFile.Name, MarkdownSummary.Name, .. files.Keys, .. files.Keys.Select(file => Path.ChangeExtension(file, ".png"))]);
        WholeFile.WriteText(Path.Combine(folder, CsvFile.Name), CsvFile.Text(data));
        WholeFile.WriteText(Path.Combine(folder, MarkdownSummary.Name), MarkdownSummary.Text(data));
        foreach ((string file, Chart chart) in files)
            WholeFile.Write(Path.Combine(folder, file), stream => chart.Document.Save(stream));
        WholeFile.WriteText(Path.Combine(folder, ReportFolder.Page), page);
        return PngFiles.WriteAsync([.. files.Keys.Select(file => Path.GetFullPath(Path.Combine(folder, file)))], png).GetAwaiter().GetResult();
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
