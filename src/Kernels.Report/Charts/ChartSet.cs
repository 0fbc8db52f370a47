using Kernels.Report.Formatting;
using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>Every chart of a report.</summary>
public sealed class ChartSet
{
    /// <summary>Draws all charts that the data allows.</summary>
    public ChartSet(ReportData data, KernelStyles styles)
    {
        Sweeps = [.. data.Sweeps.Select(sweep => new SweepCharts(data, styles, sweep)).Select(charts => (charts.Name, charts.Charts))];
        Parts = [.. PartLines.All(data).Select(line => (data.Labelled(line.Sweep.Run, line.Title), PartCharts.Draw(data, styles, line)))];
        Sequences =
        [
            .. from models in SequenceModels.All(data)
               from threads in models.Threads
               select (data.Labelled(models.Run, Numbers.Threads(threads)), new SequenceCharts(data, models, threads).All),
        ];
        Backward = [.. BackwardCharts.Draw(data, styles)];
        Why = [.. data.MainSweeps.Select(sweep => new WhyCharts(data, styles, sweep))];
        Shapes = [.. data.Shapes.Select(group => (group.Threads, ShapeCharts.Draw(data, styles, group)))];
        Shares = [.. KernelShares.Draw(data, styles)];
        Masks = [.. MaskCharts.Draw(data)];
        Deviations = [.. DeviationCharts.Draw(data, styles)];
    }

    /// <summary>The charts of each sweep, under its name.</summary>
    public IReadOnlyList<(string Name, IEnumerable<Chart> Charts)> Sweeps { get; }

    /// <summary>Where the time of layers and models goes, each with the name of its model.</summary>
    public IReadOnlyList<(string Name, Chart Chart)> Parts { get; }

    /// <summary>Recurrences beside attention, by threads.</summary>
    public IReadOnlyList<(string Name, IEnumerable<Chart> Charts)> Sequences { get; }

    /// <summary>Rates of backward passes over those of forward passes, one chart a sweep.</summary>
    public IReadOnlyList<Chart> Backward { get; }

    /// <summary>The charts that explain the main sweeps.</summary>
    public IReadOnlyList<WhyCharts> Why { get; }

    /// <summary>One chart a shape, with its number of threads.</summary>
    public IReadOnlyList<(int Threads, Chart Chart)> Shapes { get; }

    /// <summary>How near each kernel is to the fastest, one chart for each operation and format.</summary>
    public IReadOnlyList<Chart> Shares { get; }

    /// <summary>Two charts for each operation and format but softmax attention in float32.</summary>
    public IReadOnlyList<Chart> Deviations { get; }

    /// <summary>One image for each mask.</summary>
    public IReadOnlyList<Chart> Masks { get; }

    /// <summary>All of them.</summary>
    public IEnumerable<Chart> All =>
        Sweeps.Concat(Sequences).SelectMany(sweep => sweep.Charts).Concat(Parts.Select(part => part.Chart))
            .Concat(Backward).Concat(Why.SelectMany(why => why.All))
            .Concat(Shares).Concat(Shapes.Select(shape => shape.Chart)).Concat(Masks).Concat(Deviations);
}
