using Kernels.Report.Charts;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>What is worked out from results before anything is drawn.</summary>
[RunsOnce]
public sealed class ModelTests
{
    [Theory]
    [InlineData(2.0)]
    [InlineData(1.0)]
    [InlineData(-0.5)]
    public void SlopeOfAPowerLawIsItsExponent(double exponent)
    {
        (double, double)[] points = [.. new[] { 64.0, 100, 512, 4096 }.Select(x => (x, 7.5 * Math.Pow(x, exponent)))];
        Assert.Equal(exponent, PowerLaw.Exponent(points)!.Value, 10);
    }

    [Fact]
    public void OneLengthHasNoSlope() => Assert.Null(PowerLaw.Exponent([(64, 1), (64, 2)]));

    [Fact]
    public void SweepsAreFoundAndModelsAreNot()
    {
        var data = new ReportData([Synthetic.Run()]);
        Assert.Equal(["b1-h8-d64-full", "b1-h8-d64-causal"], data.Sweeps.Select(sweep => sweep.Key.Name));
        Assert.All(data.Sweeps, sweep => Assert.Equal([128, 256, 512, 1024], sweep.Lengths));
        ShapeGroup shape = Assert.Single(data.Shapes);
        Assert.Equal(("vit-b16", 2), (shape.Title, shape.Threads));
        Assert.Equal("flash-avx512-6x64", shape.Cases[0].Result.Kernel);
    }

    [Fact]
    public void DifferentModelsOfLikeShapeMakeNoSweep()
    {
        RunResults run = Synthetic.Run() with
        {
            Cases =
            [
                Synthetic.Measured("flash-a", "b1-h12-q197-k197-d64", "vit-b16"),
                Synthetic.Measured("flash-a", "b1-h12-q512-k512-d64", "bert-base"),
            ],
        };
        var data = new ReportData([run]);
        Assert.Empty(data.Sweeps);
        Assert.Equal(2, data.Shapes.Count);
    }

    [Fact]
    public void DecodingIsASweepOverKeys()
    {
        RunResults run = Synthetic.Run() with
        {
            Cases = [.. new[] { 512, 1024, 2048 }.Select(keys => Synthetic.Measured("flash-a", $"b1-h8/2-q1-k{keys}-d64"))],
        };
        Sweep sweep = Assert.Single(new ReportData([run]).Sweeps);
        Assert.Equal("b1-h8/2-q1-d64-full", sweep.Key.Name);
        Assert.Equal([512, 1024, 2048], sweep.Lengths);
    }

    [Fact]
    public void SpeedupIsRelativeToTheBaselineOfTheSameProblem()
    {
        var data = new ReportData([Synthetic.Run()]);
        Assert.All(Of("flash-avx512-6x64"), shown => Assert.Equal(40, shown.Speedup!.Value, 6));
        Assert.All(Of(ReportData.Baseline), shown => Assert.Equal(1, shown.Speedup!.Value, 6));

        IEnumerable<ReportCase> Of(string kernel) => data.Measured.Where(shown => shown.Result.Kernel == kernel);
    }

    [Fact]
    public void AShapeThatNamesSeveralProblemsIsNoTitle()
    {
        var data = new ReportData([Synthetic.Run() with
        {
            Cases =
            [
                Synthetic.Measured("flash-a", "b1-h12-q197-k197-d64", "vit-b16"),
                Synthetic.Measured("flash-a", "b1-h8-q128-k128-d64", "sweep"),
                Synthetic.Measured("flash-a", "b1-h8-q256-k256-d64", "sweep"),
            ],
        }]);
        Assert.Equal(["vit-b16", "b1-h8-q128-k128-d64", "b1-h8-q256-k256-d64"], data.Cases.Select(shown => shown.Title));
    }

    [Theory]
    [InlineData(1.00, false)]
    [InlineData(1.04, true)]
    public void MoreThanThePeakIsDoubted(double share, bool doubted)
    {
        CaseResult fast = Synthetic.Measured("flash-a", "b1-h8-q128-k128-d64") with { CeilingShare = share };
        var data = new ReportData([Synthetic.Run() with { Cases = [fast] }]);
        Tile tile = Tiles.Of(data).Single(tile => tile.Title == "Best share of multiply-add peak");
        Assert.Equal(doubted, tile.IsBad);
        Assert.Equal(doubted, tile.Detail.Contains("measure again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(5, 4, 6)]
    [InlineData(5, 1, 4)]
    public void ACaseWithoutAValidTimeIsNotMeasured(double median, double low, double high)
    {
        CaseResult broken = Synthetic.Measured("flash-a", "b1-h8-q128-k128-d64") with { Timing = new Timing(median, low, high, 3) };
        RunResults run = Synthetic.Run() with { Cases = [broken] };
        bool isValid = median > 0 && low <= median && median <= high;
        Assert.Equal(isValid ? CaseStatus.Measured : CaseStatus.Failed, Assert.Single(new ReportData([run]).Cases).Result.Status);
    }

    [Fact]
    public void LabelsKeepTheirDistanceAndOrder()
    {
        double[] wanted = [100, 101, 102, 50, 300, 299];
        double[] placed = LabelColumn.Place(wanted, gap: 15, top: 40, bottom: 300);
        int[] order = [3, 0, 1, 2, 5, 4];
        double[] ordered = [.. order.Select(index => placed[index])];
        Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 15 - 1e-9));
        Assert.InRange(ordered[0], 40, 300);
        Assert.InRange(ordered[^1], 40, 300);
        Assert.Equal(50, placed[3], 6);
    }

    [Fact]
    public void StylesTellKernelsOfAFamilyApart()
    {
        var styles = Enumerable.Range(0, 12).Select(rank => SeriesStyle.Of("flash", rank)).ToList();
        Assert.Equal(styles.Count, styles.Distinct().Count());
        Assert.NotEqual(SeriesStyle.Of("simd", 0).Marker, SeriesStyle.Of("flash", 0).Marker);
    }
}
