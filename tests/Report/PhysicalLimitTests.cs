using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

[RunsOnce]
public class PhysicalLimitTests
{
    private const string Name = "flash-a", Problem = "b1-h8-q128-k128-d64";

    [Theory]
    [InlineData("softmax", true, 1.06, null, false)]
    [InlineData("softmax", true, 1.04, null, true)]
    [InlineData("softmax-lse", true, 9.94, 0.5, false)]
    [InlineData("top-k", true, 1.89, null, false)]
    // Other formats have other peaks.
    [InlineData("softmax", false, 1.89, null, true)]
    // Another form of a short problem needs fewer operations than its state.
    [InlineData("retention", true, 1.89, null, true)]
    [InlineData("retention", true, 1.89, 1.06, false)]
    public void A_share_is_possible_where_the_count_allows_it(string operation, bool isFloat32, double exact, double? executed, bool isPossible) =>
        Assert.Equal(isPossible, PhysicalLimit.WhyNot(PhysicalLimit.Bounded(operation, isFloat32, exact, executed)) is null);

    [Fact]
    public void An_impossible_rate_has_no_figure_in_the_report()
    {
        CaseResult shown = Case(share: 9.94).Result;

        Assert.Equal((CaseStatus.Failed, null, null), (shown.Status, shown.Timing, shown.CeilingShare));
        Assert.StartsWith("994 % of the multiply-add peak", shown.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.98, "98.0 %", "no")]
    [InlineData(1.03, "103.0 % !", "yes")]
    public void A_share_above_the_ceiling_is_marked_in_table_and_csv(double share, string text, string flag)
    {
        ReportCase shown = Case(share);
        using var folder = new TemporaryFolder();

        CsvFile.Write(Data(share), folder.File("results.csv"));

        Assert.Equal(text, CaseColumn.All(withRun: false).Single(column => column.Title == "Share of multiply-add peak").Text(shown).Replace('\u00A0', ' '));
        string[][] lines = [.. File.ReadAllLines(folder.File("results.csv")).Select(line => line.Split(','))];
        Assert.Equal(flag, lines[1][Array.IndexOf(lines[0], "above_ceiling")]);
    }

    [Fact]
    public void Bytes_cannot_be_read_faster_than_from_the_nearest_cache()
    {
        RunResults run = Run(0.5);
        CaseResult fast = run.Cases[0] with { GigabytesPerSecond = 110 };
        CaseResult fromL2 = run.Cases[0] with { GigabytesPerSecond = 104, BandwidthShare = 4 };

        Assert.Contains("110 GB/s, beside 100 GB/s", PhysicalLimit.WhyNot(fast, run.Kernels[0], run));
        Assert.Null(PhysicalLimit.WhyNot(fromL2, run.Kernels[0], run));
    }

    private static RunResults Run(double share) => Synthetic.Run() with
    {
        Kernels = [Synthetic.Kernel(Name, passed: 3)],
        Cases = [Synthetic.Measured(Name, Problem) with { CeilingShare = share }],
    };

    private static ReportData Data(double share) => new([Run(share)]);

    private static ReportCase Case(double share) => Assert.Single(Data(share).Cases);
}
