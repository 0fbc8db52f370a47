using Xunit;

namespace Kernels.Tests.CommandLine;

/// <summary>A file that the program does not know is never overwritten, and that is said before any work.</summary>
[RunsOnce]
public sealed class OverwriteTests
{
    private static readonly string[] verify = ["verify", "--kernels", "naive-three-pass", "--shapes", "h1-q4-d4", "--inputs", "normal", "--json"];

    private static readonly string[] compare = ["compare", "naive-three-pass", "--shapes", "h1-q4-d4", "--threads", "1", "--rounds", "6", "--json"];

    [Theory]
    [InlineData("mine")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{ \"schemaVersion\": 2, \"kernels\": [{}] }")]
    public async Task Another_file_stays_as_it_is(string contents)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("notes.json");
        await File.WriteAllTextAsync(file, contents, TestContext.Current.CancellationToken);
        foreach (string[] words in new[] { verify, compare })
        {
            Assert.Contains("is not of this command, so it is not overwritten", await CommandRun.Refused([.. words, file]));
            Assert.Equal(contents, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            Assert.Equal(["notes.json"], folder.Files);
        }
    }

    [Fact]
    public async Task An_earlier_result_of_the_same_verb_is_replaced_and_of_another_is_not()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("verdicts.json");
        Assert.Equal(0, (await CommandRun.Of([.. verify, file])).ExitCode);
        Assert.Equal(0, (await CommandRun.Of([.. verify, file])).ExitCode);

        Assert.Contains("is not of this command", await CommandRun.Refused([.. compare, file]));
        Assert.Equal(["verdicts.json"], folder.Files);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_said_before_any_work() =>
        Assert.Contains("cannot be written", await CommandRun.Refused([.. compare, "no-such-folder/x.json"]));

    [Theory]
    [InlineData("attend", "--model", "none", "--out")]
    [InlineData("attend", "--model", "none", "--layer", "1", "--head", "1", "--png")]
    [InlineData("model", "run", "minilm", "--text", "a", "--out")]
    public async Task Neither_is_a_file_that_is_there_replaced_nor_a_folder_nor_a_device(params string[] words)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("mine"), "mine", TestContext.Current.CancellationToken);

        Assert.Contains("mine exists; ", await CommandRun.Refused([.. words, folder.File("mine")]));
        Assert.Contains("is a folder", await CommandRun.Refused([.. words, folder.Path]));
        Assert.Contains("does not exist", await CommandRun.Refused([.. words, folder.File("none/x")]));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names of devices.");
        Assert.Contains("no place for a file", await CommandRun.Refused([.. words, "/dev/null"]));
        Assert.Equal(["mine"], folder.Files);
    }

    [Fact]
    public async Task A_new_kernel_overwrites_nothing_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("MyFlash.cs"), "mine", TestContext.Current.CancellationToken);

        Assert.Contains("nothing is overwritten", await CommandRun.Refused("new", "my-flash", "--project", folder.Path));
        Assert.Equal(["MyFlash.cs"], folder.Files);
    }
}
