using System.Text;
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
    [InlineData("\"status\": \"measured\"", "\"status\": \"quick\"", "$.cases[0].status cannot be \"quick\"")]
    [InlineData("\"kernel\": \"naive-triple-loop\"", "\"kernel\": null", "$.cases[0].kernel is null")]
    [InlineData("\"kernel\": \"naive-triple-loop\",", "", "$.cases[0].kernel is missing")]
    [InlineData("\"medianNs\"", "\"averageNs\"", "$.cases[0].timing.medianNs is missing")]
    [InlineData("\"cores\": 2", "\"cores\": \"two\"", "$.machine.cores cannot be \"two\"")]
    [InlineData("\"machine\": {", "\"machine\": null, \"other\": {", "$.machine is null")]
    [InlineData("\"kernels\": [", "\"kernels\": {}, \"other\": [", "$.kernels must be an array")]
    [InlineData("\"fmaPeaks\": [", "\"fmaPeaks\": [null, ", "$.ceilings.fmaPeaks[0] is null")]
    [InlineData("\"idea\": \"", "\"idea\": \"\\ud800", "$.kernels[0].idea is no Unicode text")]
    [InlineData("\"idea\": \"", "\"x\\udc00\": 1, \"idea\": \"", "$.kernels[0] has a field whose name is no Unicode text")]
    [InlineData("\"idea\": \"", "\"Idea\": null, \"idea\": \"", null)]
    [InlineData("\"shape\": \"vit-b16\"", "\"shape\": null", null)]
    [InlineData("\"gflops\": 108", "\"gflops\": 1e999", "$.ceilings.fmaPeaks[0].gflops is not a finite number")]
    public void DamageIsNamed(string part, string replacement, string? expected)
    {
        int at = Valid.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, part);
        string damaged = string.Concat(Valid.AsSpan(0, at), replacement, Valid.AsSpan(at + part.Length));
        if (expected is null)
            RunFolder.Read(new MemoryStream(Encoding.UTF8.GetBytes(damaged)), RunFolder.ResultsFile);
        else
            Assert.Contains(expected, Refusal(damaged), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_named_by_their_field()
    {
        byte[] file = Encoding.UTF8.GetBytes(Valid);
        file[Valid.IndexOf("The idea of", StringComparison.Ordinal)] = 0xFF;
        Assert.Contains("$.kernels[0].idea is no Unicode text", Assert.Throws<UserError>(() =>
            RunFolder.Read(new MemoryStream(file), RunFolder.ResultsFile)).Message);
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
        Assert.DoesNotContain("Kernels.Results", error.Message);
        Assert.Contains(RunFolder.ResultsFile, error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
