using System.Text.Json;
using Kernels.Report.Files;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>Results are read back, or refused in a sentence.</summary>
[RunsOnce]
public sealed class RunFolderTests
{
    private static readonly string Valid = JsonSerializer.Serialize(Synthetic.Run(), ResultsJson.Options);

    [Fact]
    public void ResultsReadBackTheSame()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(RunFolder.ResultsFile), Valid);
        Assert.Equal(Valid, JsonSerializer.Serialize(RunFolder.Load(folder.Path), ResultsJson.Options));
        Assert.Equal(Valid, JsonSerializer.Serialize(RunFolder.Load(folder.File(RunFolder.ResultsFile)), ResultsJson.Options));
    }

    [Theory]
    [InlineData("", "damaged")]
    [InlineData("{", "damaged")]
    [InlineData("[]", "not a results file")]
    [InlineData("{\"schemaVersion\": \"1\"}", "not a results file")]
    [InlineData("{\"schemaVersion\": 1}", "damaged")]
    [InlineData("{\"schemaVersion\": 2}", "damaged")]
    [InlineData("{\"schemaVersion\": 2, \"schemaVersion\": 2}", "damaged")]
    [InlineData("{\"schemaVersion\": -1}", "schema version -1, but this program reads versions 1 to 2")]
    [InlineData("{\"schemaVersion\": 0}", "schema version 0, but this program reads versions 1 to 2")]
    [InlineData("{\"schemaVersion\": 3}", "schema version 3, but this program reads versions 1 to 2")]
    [InlineData("{\"schemaVersion\": 99}", "schema version 99, but this program reads versions 1 to 2")]
    public void BadFilesAreRefused(string text, string expected) => Assert.Contains(expected, Refusal(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"cases\": [", "\"cases\": [null, ", "$.cases[0] is null")]
    [InlineData("\"status\": \"measured\"", "\"status\": \"quick\"", "damaged")]
    [InlineData("\"kernel\": \"naive-triple-loop\"", "\"kernel\": null", "damaged")]
    [InlineData("\"cores\": 2", "\"cores\": \"two\"", "damaged")]
    [InlineData("\"gflops\": 108", "\"gflops\": 1e999", "$.ceilings.fmaPeaks[0].gflops is not a finite number")]
    public void DamageIsNamed(string part, string replacement, string expected)
    {
        int at = Valid.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, part);
        string damaged = string.Concat(Valid.AsSpan(0, at), replacement, Valid.AsSpan(at + part.Length));
        Assert.Contains(expected, Refusal(damaged), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsNotThereIsRefused()
    {
        UserError error = Assert.Throws<UserError>(() => RunFolder.Load("no-such-folder"));
        Assert.Equal("no-such-folder does not exist.", error.Message);
    }

    [Fact]
    public void AFolderWithoutResultsNamesTheRunsInside()
    {
        using var folder = new TemporaryFolder();
        UserError error = Assert.Throws<UserError>(() => RunFolder.Load(folder.Path));
        Assert.Contains("not the folder of a run", error.Message, StringComparison.Ordinal);
        string inside = Directory.CreateDirectory(folder.File("one")).FullName;
        File.WriteAllText(Path.Combine(inside, RunFolder.ResultsFile), Valid);
        error = Assert.Throws<UserError>(() => RunFolder.Load(folder.Path));
        Assert.Contains(inside, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesOfTheUserAreNotOverwritten()
    {
        using var folder = new TemporaryFolder();
        ReportFolder.RequireFree(folder.Path);
        folder.Write(Synthetic.Run());
        ReportFolder.RequireFree(folder.Path);
        File.WriteAllText(folder.File(ReportFolder.Page), "<html>mine</html>");
        Assert.Throws<UserError>(() => ReportFolder.RequireFree(folder.Path));
    }

    private static string Refusal(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(RunFolder.ResultsFile), text);
        UserError error = Assert.Throws<UserError>(() => RunFolder.Load(folder.Path));
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains(RunFolder.ResultsFile, error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
