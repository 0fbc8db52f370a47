using System.Text.Json;
using Kernels.Report.Files;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>The verb <c>report</c>.</summary>
[RunsOnce]
public sealed class ReportCommandTests
{
    [Fact]
    public async Task ARunsReportGoesIntoItsFolder()
    {
        using var folder = new TemporaryFolder();
        Save(folder.Path, Synthetic.Run() with { Cases = [] });
        CommandRun run = await CommandRun.Of("report", folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"Report: {folder.File(ReportFolder.Page)}", run.Output.TrimEnd());
        Assert.True(File.Exists(folder.File(ReportFolder.Page)));
    }

    [Fact]
    public async Task SeveralRunsNeedAPlace()
    {
        using var folder = new TemporaryFolder();
        string first = Save(folder.File("first"), Synthetic.Run("a") with { Cases = [] });
        string second = Save(folder.File("second"), Synthetic.Run("b") with { Cases = [] });
        Assert.Contains("--out", await CommandRun.Refused("report", first, second), StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.Of("report", first, second, "--out", folder.File("both"))).ExitCode);
        Assert.Contains("2 runs", File.ReadAllText(Path.Combine(folder.File("both"), ReportFolder.Page)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderWithOtherFilesIsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        string run = Save(folder.File("run"), Synthetic.Run() with { Cases = [] });
        string mine = Directory.CreateDirectory(folder.File("mine")).FullName;
        File.WriteAllText(Path.Combine(mine, ReportFolder.Page), "<html>mine</html>");
        Assert.Contains("no report of this program", await CommandRun.Refused("report", run, "--out", mine), StringComparison.Ordinal);
        Assert.Equal("<html>mine</html>", File.ReadAllText(Path.Combine(mine, ReportFolder.Page)));
    }

    [Fact]
    public async Task WhatIsNoRunIsRefused() =>
        Assert.Contains("no-such-run does not exist", await CommandRun.Refused("report", "no-such-run"), StringComparison.Ordinal);

    private static string Save(string folder, RunResults run)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, RunFolder.ResultsFile), JsonSerializer.Serialize(run, ResultsJson.Options));
        return folder;
    }
}
