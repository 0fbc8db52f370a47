using Kernels.Report.Charts;
using Kernels.Report.Model;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>The chart of speed against error.</summary>
[RunsOnce]
public sealed class SpeedAndErrorTests
{
    [Fact]
    public void The_front_has_the_kernels_that_no_other_beats_in_both()
    {
        Kernels.Results.RunResults run = SyntheticSweep.Run(
            [128, 256], new Line("flash-fast", n => 1.0 * n * n), new Line("flash-near", n => 2.0 * n * n), new Line("flash-worse", n => 3.0 * n * n));
        // The fastest has the largest error, and the slowest is no nearer than the second.
        run = run with
        {
            Cases = [.. run.Cases.Select(result => result with
            {
                Errors = result.Errors! with { Nmse = result.Kernel switch { "flash-fast" => 1e-6, "flash-near" => 1e-12, _ => 1e-11 } },
            })],
        };
        var data = new ReportData([run]);

        Chart chart = new ChartSet(data, new KernelStyles(data)).Why.Single().Errors!;

        var lines = (LineChart)chart.Drawing;
        Assert.Equal([1e-6, 1e-12], lines.Series[^1].Points.Select(point => point.X));
        Assert.Equal(["flash-fast", "flash-near", "flash-worse"], lines.Series.SkipLast(1).Select(line => line.Kernel));
    }
}
