using Kernels.Abstractions;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>Crossover lengths of times whose laws are known.</summary>
[RunsOnce]
public sealed class CrossoverTests
{
    private static readonly int[] lengths = [128, 256, 512, 1024, 2048];

    private static readonly Line quadratic = new("flash-a", n => 1.0 * n * n);

    [Theory]
    [InlineData(300)]
    [InlineData(512)]
    [InlineData(1500)]
    public void PowerLawsCrossWhereTheyAreEqual(double equal)
    {
        Crossing crossing = Assert.Single(Between(new Line("linear-b", n => equal * n), quadratic).Crossings);
        Assert.True(crossing.IsAhead);
        Assert.Equal(equal, crossing.Length, 6);
        // The ratio grows as N, so the intervals of both times, two per cent each, move the crossing by as much.
        Assert.Equal(equal * 0.98 / 1.02, crossing.Low, 6);
        Assert.Equal(equal * 1.02 / 0.98, crossing.High, 6);
    }

    [Fact]
    public void FallingBehindIsACrossingToo()
    {
        Crossing crossing = Assert.Single(Between(quadratic, new Line("linear-b", n => 600.0 * n)).Crossings);
        Assert.False(crossing.IsAhead);
        Assert.Equal(600, crossing.Length, 6);
        Assert.InRange(600, crossing.Low, crossing.High);
        Assert.StartsWith("behind from N\u00A0≈\u00A0600 (", crossing.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void BeyondTheMeasuredLengthsNothingIsClaimed() =>
        Assert.Equal("never within N\u00A0=\u00A0128…2048", Between(new Line("linear-b", n => 4000.0 * n), quadratic).Outcome);

    [Fact]
    public void AheadFromTheShortestIsNoCrossing() =>
        Assert.Equal("ahead at N\u00A0=\u00A0128…2048", Between(new Line("linear-b", n => 60.0 * n), quadratic).Outcome);

    [Theory]
    [InlineData(1.05, "behind or level")]
    [InlineData(0.95, "ahead or level")]
    public void WhatIsNotSureIsNotClaimed(double factor, string outcome)
    {
        // As fast at 128; slower or faster by more than the intervals at the other lengths.
        Line level = new("simd-b", n => 1.0 * n * n * (n == 128 ? 1 : factor));
        Assert.Equal($"{outcome} at N\u00A0=\u00A0128…2048", Between(level, quadratic).Outcome);
    }

    [Fact]
    public void NoiseBetweenEqualsMakesNoCrossing()
    {
        // One per cent up and down, with intervals of two.
        Line wavering = new("simd-b", n => 1.0 * n * n * (int.Log2(n) % 2 == 0 ? 1.01 : 0.99));
        Crossover crossover = Between(wavering, quadratic);
        Assert.Empty(crossover.Crossings);
        Assert.Equal("level within the noise at N\u00A0=\u00A0128…2048", crossover.Outcome);
    }

    [Fact]
    public void UncertainLengthsWidenTheInterval()
    {
        // Behind at 128, surely ahead at 2048; between them the intervals overlap.
        Line noisy = new("linear-b", n => 500.0 * n, Relative: 0.6);
        Crossing crossing = Assert.Single(Between(noisy, quadratic).Crossings);
        Assert.Equal(500, crossing.Length, 6);
        Assert.Equal(500 * 0.4 / 1.02, crossing.Low, 6);
        Assert.Equal(500 * 1.6 / 0.98, crossing.High, 6);
    }

    [Fact]
    public void OnlyCommonLengthsAreCompared()
    {
        Assert.Equal([512, 1024, 2048], Between(new Line("linear-b", n => 600.0 * n) { Without = [128, 256] }, quadratic).Lengths);
        Assert.Null(Crossover.Between(Curve("flash-a", [128]), Curve("simd-b", [256])));
        TimeCurve Curve(string kernel, int[] at) => new(
            new ReportData([SyntheticSweep.Run(at, new Line(kernel, n => n))]).Measured);
    }

    [Fact]
    public void AFamilyIsItsFastestKernelAtEachLength()
    {
        Sweep sweep = SyntheticSweep.Of(lengths, quadratic, new Line("flash-b", n => 500.0 * n), new Line("simd-c", n => 0.9 * n * n));
        CrossoverTable.Row flash = Rows(sweep).Single(row => row.Family == "flash");
        Assert.Equal(["flash-a", "flash-b"], flash.Challengers);
        Assert.Equal(["simd-c"], flash.References);
        Assert.Equal(500 / 0.9, Assert.Single(flash.Crossover.Crossings).Length, 6);
    }

    [Fact]
    public void OperationsAndPeersHaveRowsOfTheirOwn()
    {
        Sweep sweep = SyntheticSweep.Of(
            lengths, quadratic, new Line("linear-elu", n => 300.0 * n) { Operation = Operations.LinearElu },
            new Line("linear-soft", n => 900.0 * n), new Line("peer-a", n => 1.1 * n * n), new Line("peer-b", n => 0.8 * n * n));
        Assert.Equal(["linear-elu", "linear-soft", "peer-a", "peer-b"], Rows(sweep).Select(row => Assert.Single(row.Challengers)));
    }

    [Fact]
    public void APatternIsAlsoComparedWithAttentionWithoutIt()
    {
        Line window = new("sparse-window", n => 300.0 * n);
        RunResults full = SyntheticSweep.Run(lengths, quadratic, window);
        var data = new ReportData([full with
        {
            Cases =
            [
                .. SyntheticSweep.Cases(lengths, "full", 1, quadratic),
                .. SyntheticSweep.Cases(lengths, "window128", 1, quadratic with { Nanoseconds = n => 280.0 * n }, window),
            ],
        }]);
        List<CrossoverTable.Row> rows = [.. CrossoverTable.Rows(data).Where(row => row.Family == "sparse")];
        Assert.Equal(["flash-a", "flash-a under the full mask"], rows.Select(row => Assert.Single(row.References) + row.Condition));
        Assert.Equal("never within N\u00A0=\u00A0128…2048", rows[0].Crossover.Outcome);
        Assert.Equal(300, Assert.Single(rows[1].Crossover.Crossings).Length, 6);
    }

    [Fact]
    public void APatternWithoutTheFutureIsComparedWithCausalAttention()
    {
        Line window = new("sparse-window", n => 300.0 * n);
        RunResults causal = SyntheticSweep.Run(lengths, "causal", 1, quadratic, window);
        var data = new ReportData([causal with
        {
            Cases =
            [
                .. SyntheticSweep.Cases(lengths, "full", 1, quadratic with { Nanoseconds = n => 2.0 * n * n }),
                .. SyntheticSweep.Cases(lengths, "causal", 1, quadratic),
                .. SyntheticSweep.Cases(lengths, "window127+0", 1, window),
            ],
        }]);
        CrossoverTable.Row row = Assert.Single(CrossoverTable.Rows(data), row => row.Family == "sparse");
        Assert.Equal("flash-a under the causal mask", Assert.Single(row.References) + row.Condition);
        Assert.Equal(300, Assert.Single(row.Crossover.Crossings).Length, 6);
    }

    private static IReadOnlyList<CrossoverTable.Row> Rows(Sweep sweep) => CrossoverTable.Rows(new ReportData([sweep.Run.Results]));

    private static Crossover Between(Line challenger, Line reference)
    {
        Sweep sweep = SyntheticSweep.Of(lengths, challenger, reference);
        return Crossover.Between(new TimeCurve(sweep.Lines[0].Points), new TimeCurve(sweep.Lines[1].Points))!;
    }
}
