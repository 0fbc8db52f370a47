using System.Text.Json;
using Kernels.Bench.Commands;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.CommandLine;

[RunsOnce]
public sealed class CleanEnvironmentTests : IDisposable
{
    private static readonly Dictionary<string, string> handicapped = new() { ["MALLOC_PERTURB_"] = "165", ["LD_LIBRARY_PATH"] = "/nowhere" };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_handicap_is_shown_by_doctor_and_before_and_after_a_comparison()
    {
        const string Handicap = "MALLOC_PERTURB_=165: the C library fills every allocation";
        Assert.Contains(Handicap, (await CommandRun.OfOwnProcess(handicapped, "doctor")).Output);

        (CommandRun run, CompareResults results) = await Compare();

        Assert.Contains($"Handicap: {Handicap}.", run.Output);
        Assert.Contains("--clean-environment measures without these variables", run.Output);
        Assert.Contains($"- {Handicap}.", run.Output);
        Assert.Equal("165", results.Machine.Environment!.Variables["MALLOC_PERTURB_"]);
        Assert.Null(results.Machine.Environment.Removed);
    }

    [Fact]
    public async Task A_clean_environment_has_none_and_says_what_was_removed()
    {
        (CommandRun run, CompareResults results) = await Compare("--clean-environment");

        Assert.DoesNotContain("Handicap: MALLOC", run.Output);
        Assert.Matches("without .*MALLOC_PERTURB_", run.Output);
        Assert.Equal("165", results.Machine.Environment!.Removed!["MALLOC_PERTURB_"]);
        Assert.DoesNotContain("MALLOC_PERTURB_", results.Machine.Environment.Variables.Keys);
        Assert.Equal("/nowhere", results.Machine.Environment.Variables["LD_LIBRARY_PATH"]);
        Assert.Contains("--clean-environment", results.Command);
    }

    [Fact]
    public async Task The_exit_code_and_one_line_errors_are_those_of_the_new_process()
    {
        CommandRun run = await CommandRun.OfOwnProcess(handicapped, "compare", "no-such-kernel", "--clean-environment");

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.Contains("Unknown kernel 'no-such-kernel'", Assert.Single(run.Error.TrimEnd().Split('\n')));
        Assert.Contains("needs the program itself", await CommandRun.Refused("run", "--clean-environment"));
    }

    [Fact]
    public async Task A_signal_reaches_what_measures()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no signals");
        string run = folder.File("run");
        // The process is another program by then, with the same number.
        CommandRun ended = await CommandRun.OfStoppedProcess(
            "-INT", "ceilings: done", new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" },
            ["run", "--clean-environment", "--kernels", "naive-triple-loop", "--shapes", "h8-q512-d64", "--out", run]);

        Assert.Equal(ExitCode.Interrupted, ended.ExitCode);
        Assert.True(RunFolder.Load(run).Run.Interrupted);
    }

    private async Task<(CommandRun Run, CompareResults Results)> Compare(params string[] options)
    {
        string file = folder.File("compared.json");
        CommandRun run = await CommandRun.OfOwnProcess(
            handicapped, ["compare", "naive-three-pass", "--shapes", "h1-q16-d8", "--threads", "1", "--rounds", "6", "--json", file, .. options]);
        run.RequireSuccess();
        return (run, JsonSerializer.Deserialize<CompareResults>(File.ReadAllText(file), ResultsJson.Options)!);
    }
}
