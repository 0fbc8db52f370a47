using Kernels.Report;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>Which steps of a history count, and its page.</summary>
[RunsOnce]
public sealed class RunHistoryTests
{
    // Steps of about 0 % and 3 %, in turn.
    private static readonly double[] unsteady = [100, 103, 103, 100, 100, 103, 103, 100, 100];

    [Fact]
    public void Without_a_past_the_rule_for_two_runs_decides()
    {
        HistoryStep step = Assert.Single(History(100, 101, 106).Steps);
        Assert.Equal((1, 2, 1, null), (step.From, step.Run, step.Past, step.Limit));
        Assert.Equal(ChangeVerdict.Slower, step.Change.Verdict);
    }

    [Fact]
    public void A_step_within_the_case_s_own_changes_does_not_count()
    {
        HistoryStep last = HistoryStep.Of(History([.. unsteady, 106]).Cases[0]).Last();
        Assert.Equal(8, last.Past);
        // The quartiles of four steps of nothing and four of 3 %.
        Assert.Equal(0.12, last.Limit!.Value, 1e-12);
        Assert.Equal(ChangeVerdict.Slower, last.Change.Verdict);
        Assert.False(last.Counts);
        Assert.True(HistoryStep.Of(History([.. unsteady, 113]).Cases[0]).Last().Counts);
    }

    [Fact]
    public void Runs_are_in_the_order_of_their_start_and_may_lack_a_case()
    {
        RunResults[] runs = [RunComparisonTests.Run(120, day: 3), RunComparisonTests.Run(100, day: 1), RunComparisonTests.Run(100, day: 2) with { Cases = [] }];
        HistoryStep step = Assert.Single(new RunHistory(runs).Steps);
        Assert.Equal((0, 2, ChangeVerdict.Slower), (step.From, step.Run, step.Change.Verdict));
    }

    [Fact]
    public void The_page_has_the_runs_the_changes_and_the_charts()
    {
        using var folder = new TemporaryFolder();
        ReportWriter.Write(History(100, 100, 120), folder.Path, withPng: false);
        string page = File.ReadAllText(folder.File(ReportFolder.Page));
        PageTests.Parse(page);
        Assert.Contains("run-2", page, StringComparison.Ordinal);
        Assert.Contains("too few: 1", page, StringComparison.Ordinal);
        Assert.Contains("data-chart=\"history-b1-h1-q64-k64-d64-t1\"", page, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File($"{ReportFolder.Charts}/history-b1-h1-q64-k64-d64-t1.svg")));
    }

    private static RunHistory History(params double[] nanoseconds) =>
        new(nanoseconds.Select((time, day) => RunComparisonTests.Run(time, day: day)));
}
