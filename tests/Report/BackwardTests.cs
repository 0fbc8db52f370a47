using Kernels.Abstractions;
using Kernels.Report.Charts;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>Rates of backward passes relative to forward passes of the same family.</summary>
[RunsOnce]
public sealed class BackwardTests
{
    private static readonly Line[] lines =
    [
        new("flash-lse-slow", n => 9.0 * n * n) { Operation = Operations.SoftmaxLse },
        new("flash-lse", n => 3.0 * n * n) { Operation = Operations.SoftmaxLse },
        new("flash-backward", n => 10.0 * n * n) { Operation = Operations.SoftmaxBackward },
        new("flash-backward-slow", n => 30.0 * n * n) { Operation = Operations.SoftmaxBackward },
        new("peer-torch-lse", n => 4.0 * n * n) { Operation = Operations.SoftmaxLse },
        new("peer-torch-backward", n => 10.0 * n * n) { Operation = Operations.SoftmaxBackward, Without = [1024] },
        // The forward pass of this family writes no log-sum-exps.
        new("simd-rows", n => 5.0 * n * n),
        new("simd-backward", n => 20.0 * n * n) { Operation = Operations.SoftmaxBackward },
    ];

    [Fact]
    public void EachFamilyIsComparedWithItself()
    {
        IReadOnlyList<BackwardTable.Row> rows = BackwardTable.Rows(new ReportData([SyntheticSweep.Run([512, 1024], lines)]));

        Assert.Equal(["flash", SyntheticSweep.PeerVersion], rows.Select(row => row.Family));
        // 2.5 times the operations in 10/3 of the time, and in 10/4.
        Assert.All([512, 1024], length => Assert.Equal(0.75, rows[0].At(length)!.Value, 9));
        Assert.Equal("flash-lse", rows[0].At(512)!.Forward.Result.Kernel);
        Assert.Equal(1, rows[1].At(512)!.Value, 9);
        Assert.Null(rows[1].At(1024));
    }

    [Fact]
    public void TheChartHasALineForEachFamily()
    {
        var data = new ReportData([SyntheticSweep.Run([512, 1024], lines)]);

        var chart = (LineChart)Assert.Single(new ChartSet(data, new KernelStyles(data)).Backward).Drawing;

        Assert.Equal(["flash-backward", "peer-torch-backward"], chart.Series.Select(line => line.Kernel));
        Assert.Equal([0.75, 0.75], chart.Series[0].Points.Select(point => Math.Round(point.Value, 9)));
        LinePoint peer = Assert.Single(chart.Series[1].Points);
        Assert.Equal((512, 1), (peer.X, Math.Round(peer.Value, 9)));
        Assert.Contains("forward: peer-torch-lse", peer.Hint.Text);
    }

    [Fact]
    public void EachKindOfAttentionIsComparedWithItsOwnForwardPass()
    {
        Line[] linear =
        [
            new("linear-elu-chunked", n => 100.0 * n) { Operation = Operations.LinearElu },
            new("linear-elu-backward-chunked", n => 500.0 * n) { Operation = Operations.LinearEluBackward },
            new("linear-retention-chunked", n => 200.0 * n) { Operation = Operations.Retention },
            new("linear-retention-backward-chunked", n => 250.0 * n) { Operation = Operations.RetentionBackward },
            // No forward pass of this family.
            new("naive-retention-backward", n => 900.0 * n) { Operation = Operations.RetentionBackward },
        ];

        IReadOnlyList<BackwardTable.Row> rows = BackwardTable.Rows(new ReportData([SyntheticSweep.Run([512, 1024], [.. lines, .. linear])]));

        Assert.Equal(["flash", SyntheticSweep.PeerVersion, "linear", "linear"], rows.Select(row => row.Family));
        // 2.5 times the operations in 5 times the time, and in 1.25 times.
        Assert.Equal(0.5, rows[2].At(1024)!.Value, 9);
        Assert.Equal(2, rows[3].At(512)!.Value, 9);
        Assert.Equal("linear-retention-chunked", rows[3].At(512)!.Forward.Result.Kernel);
    }

    [Fact]
    public void TheSummaryHasThem() =>
        Assert.Matches(
            @"\| flash \| 512 \| flash-backward \| 2\.62.ms \| flash-lse \| 786.µs \| 75\.0.% \|",
            MarkdownSummary.Text(new ReportData([SyntheticSweep.Run([512, 1024], lines)])));

    [Fact]
    public void WithoutForwardPassesThereIsNothing() =>
        Assert.Empty(BackwardTable.Rows(new ReportData([SyntheticSweep.Run([512, 1024], [.. lines.Where(line => line.Operation != Operations.SoftmaxLse)])])));
}
