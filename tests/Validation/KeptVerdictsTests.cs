using Kernels.Results;
using Kernels.Tests.CommandLine;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>Verdicts on the wrong kernels are kept for a build, and a damaged file is not believed.</summary>
[RunsOnce]
public sealed class KeptVerdictsTests : IDisposable
{
    private static readonly ValidatorScore score = new(1, 2, [new("wrong-a", "a", "NaN", true, "NaN"), new("wrong-b", "b", "NaN", false, null)]);

    private readonly TemporaryFolder folder = new();

    private KeptVerdicts Kept => new(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_kept_is_read_and_says_since_when()
    {
        Assert.Null(Kept.Read());
        Kept.Write(score);
        ValidatorScore read = Assert.IsType<ValidatorScore>(Kept.Read());
        Assert.InRange(read.Kept!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        Assert.Equal(score.WrongKernels, read.WrongKernels);
    }

    [Theory]
    [InlineData("\"rejected\": false", "\"rejected\": true")]
    [InlineData("\"rejected\": 1", "\"rejected\": 2")]
    [InlineData("{", "")]
    [InlineData("\"score\"", "\"store\"")]
    public void A_damaged_file_is_not_believed(string text, string damage)
    {
        Kept.Write(score);
        string file = Assert.Single(Directory.GetFiles(folder.Path));
        string whole = File.ReadAllText(file), damaged = whole.Replace(text, damage, StringComparison.Ordinal);
        Assert.NotEqual(whole, damaged);
        File.WriteAllText(file, damaged);
        Assert.Null(Kept.Read());
    }

    [Fact]
    public void Without_a_folder_to_write_nothing_is_kept()
    {
        string file = folder.File("a-file");
        File.WriteAllText(file, "");
        var nowhere = new KeptVerdicts(file);
        nowhere.Write(score);
        Assert.Null(nowhere.Read());
    }

    [Fact]
    public async Task To_run_them_afresh_they_must_run_at_all() =>
        Assert.Equal("--afresh goes with --wrong-kernels.", await CommandRun.Refused("verify", "--kernels", "naive-triple-loop", "--afresh"));
}
