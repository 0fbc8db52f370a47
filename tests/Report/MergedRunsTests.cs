using Kernels.Report.Files;
using Kernels.Report.Model;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>Several runs in one report.</summary>
[RunsOnce]
public sealed class MergedRunsTests
{
    [Fact]
    public void RunsOfDifferentMachinesAreSideBySide()
    {
        using var folder = new TemporaryFolder();
        string page = folder.Write(Synthetic.Run("amd-epyc-2c"), Synthetic.Run("apple-m4-10c"));
        PageTests.Parse(page);
        Assert.Contains("The same cases in several runs", page, StringComparison.Ordinal);
        Assert.Contains("apple-m4-10c (µs)", page, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder.File(ReportFolder.Charts), "time-b1-h8-d64-full-t1-apple-m4-10c.svg")));
    }

    [Fact]
    public void RunsOfOneMachineAreToldApartByTheirId()
    {
        var data = new ReportData([Synthetic.Run(id: "first"), Synthetic.Run(id: "second"), Synthetic.Run(id: "second")]);
        Assert.Equal(["amd-epyc-2c first", "amd-epyc-2c second", "amd-epyc-2c second (2)"], data.Runs.Select(run => run.Label));
    }

    [Fact]
    public void OnlyCommonCasesAreCompared()
    {
        var half = Synthetic.Run("b") with { Cases = [.. Synthetic.Run("b").Cases.Where(result => result.Mask == "causal")] };
        var rows = RunComparison.Rows(new ReportData([Synthetic.Run("a"), half]));
        // Four kernels that are not wrong, at four lengths.
        Assert.Equal(16, rows.Count);
        Assert.All(rows, row => Assert.Contains("causal", row.Key.Problem, StringComparison.Ordinal));
    }
}
