using System.Text.Json;
using Kernels.Report.Files;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>A report writes and removes what a report wrote, and nothing else.</summary>
[RunsOnce]
public sealed class ReportFolderTests
{
    [Theory]
    [InlineData("index.html")]
    [InlineData("results.csv")]
    [InlineData("summary.md")]
    [InlineData("report-files.txt")]
    [InlineData("charts/mask-full.svg")]
    [InlineData("charts/mask-full.png")]
    public void A_file_of_the_user_is_not_overwritten_and_nothing_is_written(string file)
    {
        using var folder = new TemporaryFolder();
        string path = Own(folder, file);
        string[] before = Entries(folder);

        UserError error = Assert.Throws<UserError>(() => folder.Write(Synthetic.Run()));

        Assert.StartsWith(path, error.Message);
        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Equal(before, Entries(folder));
    }

    [Fact]
    public void Other_files_stay_where_they_are()
    {
        using var folder = new TemporaryFolder();
        string[] mine = [Own(folder, "charts/holiday.png"), Own(folder, "charts/drawing.svg"), Own(folder, "notes.md")];

        folder.Write(Synthetic.Run());
        folder.Write(Synthetic.Run() with { Cases = [] });

        Assert.All(mine, file => Assert.Equal("mine", File.ReadAllText(file)));
    }

    [Fact]
    public void Charts_of_an_earlier_report_that_this_one_has_not_are_removed()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Synthetic.Run());
        string[] first = Directory.GetFiles(folder.File(ReportFolder.Charts));

        folder.Write(Synthetic.Run() with { Cases = [] });

        string[] second = Directory.GetFiles(folder.File(ReportFolder.Charts));
        Assert.True(second.Length < first.Length);
        Assert.Subset(File.ReadLines(folder.File(ReportFolder.Manifest)).ToHashSet(), second.Select(file => $"charts/{Path.GetFileName(file)}").ToHashSet());
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("results.csv")]
    [InlineData("report-files.txt")]
    public void No_link_is_followed_to_a_file(string file)
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        string target = Own(elsewhere, "mine.txt");
        File.CreateSymbolicLink(folder.File(file), target);

        Assert.Contains("is a link to", Assert.Throws<UserError>(() => folder.Write(Synthetic.Run())).Message);

        Assert.Equal("mine", File.ReadAllText(target));
    }

    [Fact]
    public void No_link_is_followed_to_a_folder()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        string picture = Own(elsewhere, "mask-full.png");
        File.CreateSymbolicLink(folder.File(ReportFolder.Charts), elsewhere.Path);

        Assert.Contains("is a link to", Assert.Throws<UserError>(() => folder.Write(Synthetic.Run())).Message);

        Assert.Equal(["mask-full.png"], elsewhere.Files);
        Assert.Equal("mine", File.ReadAllText(picture));
    }

    /// <summary>A manifest is a file like others: it may come from anywhere.</summary>
    [Fact]
    public void A_manifest_cannot_name_files_of_others()
    {
        using var parent = new TemporaryFolder();
        string folder = parent.File("run"), outside = Own(parent, "mine.png"), notes = Own(parent, "run/notes.md"), beside = Own(parent, "run/mine.png");
        ReportFolder.Prepare(folder, [ReportFolder.Page]);
        File.AppendAllLines(Path.Combine(folder, ReportFolder.Manifest), ["../mine.png", "charts/../../mine.png", "notes.md", "mine.png", outside]);

        ReportFolder.Prepare(folder, [ReportFolder.Page]);

        Assert.All([outside, notes, beside], file => Assert.Equal("mine", File.ReadAllText(file)));
    }

    [Fact]
    public async Task The_command_says_which_file_in_one_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(RunFolder.ResultsFile), JsonSerializer.Serialize(Synthetic.Run() with { Cases = [] }, ResultsJson.Options));
        Own(folder, "summary.md");

        string error = await CommandRun.Refused("report", folder.File(RunFolder.ResultsFile));

        Assert.Contains("summary.md was written by no report of this program", error);
    }

    private static string Own(TemporaryFolder folder, string file)
    {
        string path = folder.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "mine");
        return path;
    }

    private static string[] Entries(TemporaryFolder folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
