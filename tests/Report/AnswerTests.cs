using Kernels.Abstractions;
using Kernels.Report.Charts;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>Which kernel is fastest for a shape, and the charts that compare kernels over shapes.</summary>
[RunsOnce]
public sealed class AnswerTests
{
    private static readonly int[] lengths = [128, 256, 512];

    private static readonly Line flash = new("flash-a", n => 1.0 * n * n), simd = new("simd-a", n => n == 128 ? 8192 : 2.0 * n * n),
        peer = new(SyntheticSweep.Peer, n => 1.03 * n * n), linear = new("linear-a", n => 10.0 * n) { Operation = Operations.LinearElu };

    private readonly ReportData data = new([SyntheticSweep.Run(lengths, flash, simd, peer, linear)]);

    [Fact]
    public void Kernels_are_ranked_with_those_of_the_same_operation()
    {
        Assert.Equal(["simd-a", "flash-a", "flash-a", "linear-a", "linear-a", "linear-a"], data.Answers.Select(answer => answer.Best.Result.Kernel));
        Assert.Equal(["flash-a", SyntheticSweep.Peer, SyntheticSweep.Peer], data.Answers.Take(3).Select(answer => answer.RunnerUp!.Result.Kernel));
        Assert.All(data.Answers.Skip(3), answer => Assert.Equal((null, null), (answer.RunnerUp, answer.Lead)));
        Assert.Equal(512, SweepKey.Length(Answer.First(data.Answers)!.Best));
    }

    [Fact]
    public void A_lead_has_the_range_that_both_intervals_allow()
    {
        Ratio lead = data.Answers[1].Lead!.Value;
        // 1.03 with ±2 % of each: either may be faster.
        Assert.Equal((1.03, 1.03 * 0.98 / 1.02, 1.03 * 1.02 / 0.98), (lead.Value, lead.Low, lead.High));
        Assert.True(data.Answers[0].Lead!.Value.Low > 1);
    }

    [Fact]
    public void Without_measured_cases_there_is_none()
    {
        var empty = new ReportData(
            [Synthetic.Run() with { Cases = [Synthetic.Unmeasured(CaseStatus.Unsupported, "no driver", "gpu-a", "b1-h8-q128-k128-d64")] }]);
        Assert.Empty(empty.Answers);
        Assert.Null(Answer.First(empty.Answers));
    }

    [Fact]
    public void Bars_have_the_best_of_each_family_the_winners_and_the_peers()
    {
        Line slow = new("flash-slow", n => 3.0 * n * n), winner = new("flash-short", n => n == 128 ? 4096 : 5.0 * n * n);
        var run = new ReportData([SyntheticSweep.Run(lengths, flash, slow, winner, peer, linear)]);
        BarChart bars = new ChartSet(run, new KernelStyles(run)).Sweeps.Single().Charts.Select(chart => chart.Drawing).OfType<BarChart>().Single();
        Assert.Equal(["flash-a", "flash-short", SyntheticSweep.Peer], bars.Series.Select(line => line.Kernel));
        // Flash in one colour, told apart by opacity; peers begin hollow.
        Assert.Equal([1, 0.6, 0], bars.Fills.Select(fill => Math.Round(fill, 6)));
        Assert.Equal(108, bars.Ceiling);
        Assert.Equal(run.Measured.First().Result.ExactGflops!.Value, bars.Series[0].Points[0].Value, 9);
    }

    [Fact]
    public void Shares_are_of_the_fastest_on_each_problem()
    {
        var rows = (RowChart)Assert.Single(new ChartSet(data, new KernelStyles(data)).Shares).Drawing;
        ChartRow best = rows.Rows.Single(row => row.Kernel == "flash-a");
        // 8192 of 16,384 ns at N = 128, and twice the fastest.
        Assert.Equal((0.5, 1, 1), (best.Low, best.Value, best.High));
        Assert.Equal(new Span(0.75, 1), best.Box);
        Assert.Equal("2 of 3", best.Texts[1]);
    }
}
