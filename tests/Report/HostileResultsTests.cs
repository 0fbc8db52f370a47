using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>A results file may come from anywhere and hold any number and name.</summary>
[RunsOnce]
public sealed class HostileResultsTests
{
    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    [InlineData(1.7e308)]
    public void A_time_that_no_clock_shows_is_left_out_with_its_reason(double nanoseconds)
    {
        using var folder = new TemporaryFolder();
        RunResults run = Synthetic.Run();
        CaseResult measured = run.Cases.First(result => result.Status == CaseStatus.Measured);
        var timing = measured.Timing! with { LowNs = nanoseconds, MedianNs = nanoseconds, HighNs = nanoseconds };
        run = run with { Cases = [.. run.Cases.Select(result => result == measured ? result with { Timing = timing } : result)] };

        ReportCase shown = new ReportData([run]).Cases.Single(shown => shown.Result.Kernel == measured.Kernel
            && shown.Result.Problem == measured.Problem && shown.Result.Threads == measured.Threads);

        Assert.False(shown.IsMeasured);
        Assert.Contains("is implausible, so that no figure of the case is shown", shown.Result.Reason);
        Assert.Contains("is implausible", folder.Write(run));
    }

    [Theory]
    [InlineData(1.7e308)]
    [InlineData(-3)]
    public void A_rate_that_no_machine_reaches_is_left_out(double gflops)
    {
        RunResults run = Synthetic.Run();
        CaseResult measured = run.Cases.First(result => result.Status == CaseStatus.Measured);
        run = run with { Cases = [measured with { ExactGflops = gflops }] };

        Assert.False(Assert.Single(new ReportData([run]).Cases).IsMeasured);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/etc/passwd")]
    [InlineData("../outside.txt")]
    [InlineData("sub/../../outside.txt")]
    [InlineData("inside.txt?x")]
    [InlineData("")]
    public void Only_a_plain_name_inside_the_folder_becomes_a_link(string file)
    {
        using var parent = new TemporaryFolder();
        string folder = Directory.CreateDirectory(parent.File("run")).FullName;
        File.WriteAllText(parent.File("outside.txt"), "");
        File.WriteAllText(Path.Combine(folder, "inside.txt"), "");

        Assert.True(ReportFolder.IsInside(folder, "inside.txt"));
        Assert.False(ReportFolder.IsInside(folder, file));
    }
}
