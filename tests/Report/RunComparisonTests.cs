using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>Which changes from one run to another count.</summary>
[RunsOnce]
public sealed class RunComparisonTests
{
    private const string Kernel = "flash-avx512-6x64", Problem = "b1-h1-q64-k64-d64";

    // Intervals of ±1 % around medians of 100 and 103 do not overlap.
    [Theory]
    [InlineData(103, 0.01, ChangeVerdict.Slower)]
    [InlineData(97, 0.01, ChangeVerdict.Faster)]
    [InlineData(103, 0.02, ChangeVerdict.Same)]
    [InlineData(101.9, 0.001, ChangeVerdict.Same)]
    [InlineData(100, 0.01, ChangeVerdict.Same)]
    public void A_change_counts_beyond_intervals_and_two_percent(double nanoseconds, double relative, ChangeVerdict verdict) =>
        Assert.Equal(verdict, Change(Run(100, relative), Run(nanoseconds, relative)).Verdict);

    [Fact]
    public void A_peak_that_moved_is_noise()
    {
        RunResults slower = Run(110, 0.001);
        Assert.Equal(ChangeVerdict.Slower, Change(Run(100, 0.001), slower).Verdict);
        Assert.Equal(ChangeVerdict.Same, Change(Run(100, 0.001), slower with { Ceilings = Peak(108 / 1.12) }).Verdict);
        // A drift of more than 5 % is a disturbance, too.
        Assert.Equal(0.1, Change(Run(100, 0.001), slower with { Ceilings = Peak(108) with { PeakDrift = -0.06 } }).Noise);
        Assert.Equal(0.04, Change(Run(100, 0.001), slower with { Ceilings = Peak(108) with { PeakDrift = -0.04 } }).Noise);
    }

    [Fact]
    public void The_ratio_has_what_both_intervals_allow()
    {
        MedianInterval ratio = Change(Run(100, 0.01), Run(120, 0.02)).Ratio!.Value;
        Assert.Equal((1.2, 120 * 0.98 / 101, 120 * 1.02 / 99), (ratio.Median, ratio.Low, ratio.High));
    }

    [Fact]
    public void A_case_that_went_wrong_is_lost_and_one_that_is_not_in_the_run_is_not()
    {
        RunResults wrong = Run(100, 0.01) with { Kernels = [Synthetic.Kernel(Kernel, passed: 1, failed: 1)] };
        CaseChange lost = Change(Run(100, 0.01), wrong);
        Assert.Equal((ChangeVerdict.OnlyInA, true), (lost.Verdict, lost.Lost));
        Assert.StartsWith("wrong: ", lost.Reason);

        CaseChange absent = Change(Run(100, 0.01), wrong with { Cases = [] });
        Assert.Equal((ChangeVerdict.OnlyInA, false, null), (absent.Verdict, absent.Lost, absent.Reason));
        Assert.Equal(ChangeVerdict.OnlyInB, Change(wrong, Run(100, 0.01)).Verdict);
    }

    [Fact]
    public void Cold_and_warm_caches_other_inputs_other_formats_and_other_patterns_are_other_cases()
    {
        RunResults run = Run(100, 0.01);
        RunResults[] others =
        [
            run with { Run = run.Run with { Cold = true } },
            run with { Run = run.Run with { Inputs = "captured" } },
            run with { Kernels = [run.Kernels[0] with { Format = "bfloat16" }] },
            run with { Patterns = new Dictionary<string, IReadOnlyList<string>> { ["full"] = ["1"] } },
        ];
        Assert.All(others, other => Assert.Equal(2, RunComparison.Changes(new ReportData([run, other])).Count));
    }

    internal static RunResults Run(double nanoseconds, double relative = 0.001, int day = 1) => SyntheticSweep.Run([64]) with
    {
        Run = Synthetic.Info($"run-{day}") with { Started = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day) },
        Ceilings = Peak(108),
        Kernels = [Synthetic.Kernel(Kernel, passed: 1)],
        Cases =
        [
            Synthetic.Measured(Kernel, Problem) with
            {
                Timing = new Timing(nanoseconds, nanoseconds * (1 - relative), nanoseconds * (1 + relative), 9),
                ExactGflops = 10,
                CeilingShare = 0.1,
            },
        ],
    };

    private static Ceilings Peak(double gflops) => new() { FmaPeaks = [new("AVX-512", 1, gflops)], ReadBandwidths = [] };

    private static CaseChange Change(RunResults a, RunResults b) => Assert.Single(RunComparison.Changes(new ReportData([a, b])));
}
