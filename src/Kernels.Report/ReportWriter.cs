using System.Text;
using Kernels.Report.Charts;
using Kernels.Report.Files;
using Kernels.Report.Html;
using Kernels.Report.Model;
using Kernels.Report.Pictures;
using Kernels.Results;
using Microsoft.AspNetCore.Components;

namespace Kernels.Report;

/// <summary>Writes reports from results alone: page, charts, and of a report of runs table, metrics and summary.</summary>
public static class ReportWriter
{
    /// <summary>
    /// Writes index.html, results.csv, metrics.txt, summary.md and charts/*.svg and *.png into <paramref name="folder"/>, replacing an
    /// earlier report there and nothing else.
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
        Write<Page>(folder, [.. charts.All], withPng, new()
        {
            [nameof(Page.Data)] = data,
            [nameof(Page.Charts)] = charts,
            [nameof(Page.Styles)] = styles,
            [nameof(Page.Folder)] = folder,
        }, new()
        {
            [CsvFile.Name] = () => CsvFile.Text(data),
            [OpenMetricsFile.Name] = () => OpenMetricsFile.Text(data),
            [MarkdownSummary.Name] = () => MarkdownSummary.Text(data),
        });
    }

    /// <summary>Writes index.html and charts/*.svg and *.png of runs over time, in the same way.</summary>
    /// <param name="history">The runs.</param>
    /// <param name="folder">Created when it does not exist.</param>
    /// <param name="withPng">Whether there are PNG files.</param>
    /// <exception cref="UserError">A file that no report wrote would be overwritten.</exception>
    public static void Write(RunHistory history, string folder, bool withPng = true)
    {
        var styles = new KernelStyles(history.Data);
        IReadOnlyList<(int Threads, Chart Chart)> charts = [.. HistoryCharts.Draw(history, styles)];
        Write<HistoryPage>(folder, [.. charts.Select(chart => chart.Chart)], withPng, new()
        {
            [nameof(HistoryPage.History)] = history,
            [nameof(HistoryPage.Charts)] = charts,
            [nameof(HistoryPage.Styles)] = styles,
        }, []);
    }

    /// <summary>Writes index.html and charts/*.svg and *.png of a training, in the same way.</summary>
    /// <param name="results">The training.</param>
    /// <param name="folder">Created when it does not exist.</param>
    /// <exception cref="UserError">A file that no report wrote would be overwritten.</exception>
    public static void Write(TrainingResults results, string folder)
    {
        IReadOnlyList<Chart> charts = TrainingCharts.Draw(results);
        Write<TrainingPage>(folder, charts, withPng: true, new() { [nameof(TrainingPage.Results)] = results, [nameof(TrainingPage.Charts)] = charts }, []);
    }

    // Nothing is written before everything is there.
    private static void Write<TPage>(
        string folder, IReadOnlyList<Chart> charts, bool withPng, Dictionary<string, object?> parameters, Dictionary<string, Func<string>> texts)
        where TPage : IComponent
    {
        // The page takes longest, and comes first.
        List<(string File, Func<byte[]> Content)> files = [(ReportFolder.Page, () => Encoding.UTF8.GetBytes(HtmlText.Of<TPage>(parameters)))];
        files.AddRange(texts.Select(text => (text.Key, (Func<byte[]>)(() => Encoding.UTF8.GetBytes(text.Value())))));
        foreach (Chart chart in charts)
        {
            files.Add(($"{ReportFolder.Charts}/{chart.FileName}.svg", () => Encoding.UTF8.GetBytes(Picture.Svg(chart.Drawing))));
            if (withPng)
                files.Add(($"{ReportFolder.Charts}/{chart.FileName}.png", () => Picture.Png(chart.Drawing)));
        }
        var contents = new byte[files.Count][];
        Parallel.For(0, files.Count, index => contents[index] = files[index].Content());
        // The manifest names the PNG files that an earlier report wrote too.
        string[] pictures = [.. charts.SelectMany(chart => new[] { ".svg", ".png" }, (chart, extension) =>
            $"{ReportFolder.Charts}/{chart.FileName}{extension}")];
        ReportFolder.Prepare(folder, [ReportFolder.Page, .. texts.Keys, .. pictures]);
        foreach ((int index, (string file, _)) in files.Index())
            WholeFile.Write(Path.Combine(folder, file), stream => stream.Write(contents[index]));
    }
}
