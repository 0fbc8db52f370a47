using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>The charts that explain a sweep: roofline, ladder of ideas, speed against error, and memory of each kernel.</summary>
public sealed class WhyCharts
{
    /// <summary>Draws the charts that the data allows.</summary>
    public WhyCharts(ReportData data, KernelStyles styles, Sweep sweep)
    {
        var names = new SweepCharts(data, styles, sweep);
        var series = new SweepSeries(styles, sweep);
        (Sweep, Name) = (sweep, names.Name);
        Roofline = new SweepRoofline(names, series, sweep).Draw();
        Ladder = Model.Ladder.Of(sweep) is { } ladder ? new SweepLadder(names, styles, sweep, ladder).Draw() : null;
        Errors = sweep.Key.Workload == Workload.Softmax ? new SweepErrors(names, data, styles, sweep).Draw() : null;
        Memory = new SweepMemory(names, series, sweep).Draw();
    }

    /// <summary>The sweep.</summary>
    public Sweep Sweep { get; }

    /// <summary>Name for the sweep's tab.</summary>
    public string Name { get; }

    /// <summary>Rates below the ceilings; null when no rate is known.</summary>
    public Chart? Roofline { get; }

    /// <summary>Gain of each idea; null when no kernel was measured together with the one that it builds on.</summary>
    public Chart? Ladder { get; }

    /// <summary>Speed against error; null where fewer than two kernels have both.</summary>
    public Chart? Errors { get; }

    /// <summary>Operands and scratch; null when no kernel needs scratch.</summary>
    public Chart? Memory { get; }

    /// <summary>All of them.</summary>
    public IEnumerable<Chart> All => new[] { Roofline, Ladder, Errors, Memory }.OfType<Chart>();
}
