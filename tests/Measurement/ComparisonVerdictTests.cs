using Kernels.Measurement.Comparison;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

public class ComparisonVerdictTests
{
    [Theory]
    [InlineData(1.23, 1.19, 1.27, 0.03, "b is 1.23× faster than a (95 %: 1.19–1.27; noise floor ±3.0 %)")]
    [InlineData(0.50, 0.40, 0.80, 0.03, "a is 2.00× faster than b (95 %: 1.25–2.50; noise floor ±3.0 %)")]
    [InlineData(1.01, 0.99, 1.03, 0.001, "no significant difference: a / b 1.010 (95 %: 0.990–1.030; noise floor ±0.1 %)")]
    [InlineData(1.02, 1.01, 1.03, 0.05, "no significant difference: a / b 1.020 (95 %: 1.010–1.030; noise floor ±5.0 %)")]
    [InlineData(0.98, 0.97, 0.99, 0.05, "no significant difference: a / b 0.980 (95 %: 0.970–0.990; noise floor ±5.0 %)")]
    [InlineData(1.10, 1.02, 1.18, 0.03, "no significant difference: a / b 1.10 (95 %: 1.02–1.18; noise floor ±3.0 %)")]
    [InlineData(0.90, 0.85, 0.98, 0.03, "no significant difference: a / b 0.900 (95 %: 0.850–0.980; noise floor ±3.0 %)")]
    [InlineData(1.02, 1.01, 1.03, 0.005, "b is 1.020× faster than a (95 %: 1.010–1.030; noise floor ±0.5 %)")]
    public void It_is_a_sentence(double median, double low, double high, double floor, string sentence) =>
        Assert.Equal(sentence, ComparisonVerdict.Sentence(Row(new MedianInterval(median, low, high), floor)));

    [Fact]
    public void What_was_not_measured_says_why() =>
        Assert.Equal("wrong: b writes zeros", ComparisonVerdict.Sentence(Row(null, 0) with { Status = CaseStatus.Wrong, Reason = "b writes zeros" }));

    [Fact]
    public void Several_processes_give_their_median_and_their_range()
    {
        double[] ratios = [1.30, 1.20, 1.25, 1.10, 1.28];
        CompareRow[] processes = [.. ratios.Select((ratio, i) => Row(new MedianInterval(ratio, ratio - 0.5, ratio + 0.5), 0.01 * i))];

        CompareRow merged = ProcessComparison.Merge(processes);

        Assert.Equal(new MedianInterval(1.25, 1.10, 1.30), merged.Ratio);
        Assert.Equal(0.02, merged.NoiseFloor);
        Assert.Equal("b", merged.Faster);
        Assert.Equal(50, merged.Rounds);
        Assert.Equal(new MedianInterval(80, 80, 80), merged.Contestants[1].Ns);
        Assert.Equal(new MedianInterval(0.9, 0.9, 0.9), merged.Contestants[0].PeakShare);
        Assert.Equal(new MedianInterval(0.95, 0.95, 0.95), merged.Contestants[0].ExecutedPeakShare);
        Assert.Null(merged.Contestants[0].ReadShare);
        Assert.Same(processes, merged.Processes);
        Assert.Equal("b is 1.25× faster than a (5 processes: 1.10–1.30; noise floor ±2.0 %)", ComparisonVerdict.Sentence(merged));
    }

    [Fact]
    public void A_row_that_one_process_could_not_measure_has_no_numbers()
    {
        CompareRow right = Row(new MedianInterval(1.2, 1.1, 1.3), 0.01);

        CompareRow merged = ProcessComparison.Merge([right, right with { Status = CaseStatus.Failed, Reason = "no luck" }, right]);

        Assert.Equal((CaseStatus.Failed, "no luck"), (merged.Status, merged.Reason));
    }

    [Fact]
    public void A_ceiling_that_one_process_did_not_probe_is_left_out()
    {
        CompareRow without = Row(new MedianInterval(1.2, 1.1, 1.3), 0.01);
        CompareRow with = without with { Read = new ReadBandwidth("L3", 1, 1 << 24, 50) };

        Assert.Null(ProcessComparison.Merge([without, with, with]).Read);
        Assert.Equal(with.Read, ProcessComparison.Merge([with, with, with]).Read);
    }

    private static CompareRow Row(MedianInterval? ratio, double floor) => new()
    {
        Problem = "b1-h1-q16-k16-d8",
        Threads = 1,
        Status = CaseStatus.Measured,
        Rounds = 10,
        Contestants = ratio is null ? [] : [Contestant("a", 100), Contestant("b", 80)],
        Ratio = ratio,
        SelfRatio = new MedianInterval(1, 1 - floor, 1 + floor),
        NoiseFloor = floor,
        Faster = ratio is { } known ? ComparisonVerdict.Faster("a", "b", known, floor) : null,
        Peak = new FmaPeak("AVX2 + FMA", 1, 100),
    };

    private static ContestantResult Contestant(string name, double ns) => new()
    {
        Name = name,
        Ns = new MedianInterval(ns, ns - 1, ns + 1),
        ExactGflops = 90,
        PeakShare = new MedianInterval(0.9, 0.8, 0.95),
        ExecutedPeakShare = new MedianInterval(0.95, 0.8, 0.97),
        RoundsNs = [ns],
    };
}
