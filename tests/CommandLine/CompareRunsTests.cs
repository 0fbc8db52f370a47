using System.Text.Json;
using Kernels.Results;
using Kernels.Tests.Report;
using Xunit;

namespace Kernels.Tests.CommandLine;

/// <summary>The verb <c>compare-runs</c>, and <c>report --history</c> on folders of every kind.</summary>
[RunsOnce]
public sealed class CompareRunsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Slower_cases_fail_above_the_given_percent()
    {
        (string a, string b) = (Save("a", RunComparisonTests.Run(100)), Save("b", RunComparisonTests.Run(107)));
        CommandRun free = await CommandRun.Of("compare-runs", a, b);
        Assert.Equal((0, ""), (free.ExitCode, free.Error));
        Assert.Contains("1.070× (1.068–1.072)", free.Output);
        Assert.EndsWith("1 slower.\n", free.Output);

        Assert.Equal(0, (await CommandRun.Of("compare-runs", a, b, "--fail-above", "8%")).ExitCode);
        CommandRun faster = await CommandRun.Of("compare-runs", b, a, "--fail-above", "1%");
        Assert.Equal(0, faster.ExitCode);
        Assert.Contains("in 1 of 1 cases: there, a change of that size would not be seen", faster.Output);
        CommandRun failed = await CommandRun.Of("compare-runs", a, b, "--fail-above", "5%");
        Assert.Equal(1, failed.ExitCode);
        Assert.StartsWith("1 case is lost or slower by more than 5.00", failed.Error);
    }

    [Fact]
    public async Task A_lost_case_fails()
    {
        RunResults run = RunComparisonTests.Run(100), wider = run with { Cases = [.. run.Cases, run.Cases[0] with { Problem = "b1-h1-q65-k65-d64" }] };
        CaseResult timeout = wider.Cases[1].WithoutFigures(CaseStatus.Timeout, "took longer than 1 s");
        (string a, string b) = (Save("a", wider), Save("b", wider with { Cases = [run.Cases[0], timeout] }));
        CommandRun failed = await CommandRun.Of("compare-runs", a, b, "--fail-above", "5");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("only in A (timeout: took longer than 1 s)", failed.Output);
    }

    [Fact]
    public async Task Two_machines_are_shown_and_never_judged()
    {
        RunResults run = RunComparisonTests.Run(100);
        (string a, string b) = (Save("a", run), Save("b", run with { Machine = Synthetic.Machine("apple-m4-10c") }));
        Assert.Contains("These are two machines", (await CommandRun.Of("compare-runs", a, b)).Output);
        Assert.Contains("--fail-above needs two runs of one machine", await CommandRun.Refused("compare-runs", a, b, "--fail-above", "5%"));
    }

    [Fact]
    public async Task What_cannot_be_compared_is_refused_in_one_line()
    {
        string a = Save("a", RunComparisonTests.Run(100)), empty = Save("empty", RunComparisonTests.Run(100) with { Cases = [] });
        Assert.Contains("no measured case in common", await CommandRun.Refused("compare-runs", a, empty));
        Assert.Contains("does not exist", await CommandRun.Refused("compare-runs", a, folder.File("nowhere")));
        Assert.Contains("not the folder of a run", await CommandRun.Refused("compare-runs", a, Directory.CreateDirectory(folder.File("none")).FullName));
        foreach (string percent in new[] { "x", "", "1e400", "-1" })
            Assert.Contains("--fail-above", await CommandRun.Refused("compare-runs", a, a, $"--fail-above={percent}"));
    }

    [Fact]
    public async Task The_json_has_the_changes_and_replaces_only_its_own()
    {
        (string a, string b, string file) = (Save("a", RunComparisonTests.Run(100)), Save("b", RunComparisonTests.Run(107)), folder.File("changes.json"));
        for (int i = 0; i < 2; i++)
            Assert.Equal(0, (await CommandRun.Of("compare-runs", a, b, "--json", file)).ExitCode);
        RunChanges changes = JsonFile.Read<RunChanges>(file, out _)!;
        Assert.Equal((ChangeVerdict.Slower, 1.07), (changes.Changes[0].Verdict, changes.Changes[0].Ratio!.Value.Median));
        string results = Path.Combine(a, RunFolder.ResultsFile), before = File.ReadAllText(results);
        Assert.Contains("is not of this command", await CommandRun.Refused("compare-runs", a, b, "--json", results));
        Assert.Equal(before, File.ReadAllText(results));
    }

    [Fact]
    public async Task A_history_leaves_out_what_it_cannot_use_and_says_so()
    {
        string runs = folder.File("runs");
        Save("runs/1", RunComparisonTests.Run(100, day: 1));
        Assert.Contains("has one run", await CommandRun.Refused("report", "--history", runs));
        Save("runs/2", RunComparisonTests.Run(100, day: 2));
        Save("runs/3", RunComparisonTests.Run(100, day: 0) with { Machine = Synthetic.Machine("apple-m4-10c") });
        File.WriteAllText(Path.Combine(Save("runs/4", RunComparisonTests.Run(100)), RunFolder.ResultsFile), "{");
        CommandRun run = await CommandRun.Of("report", "--history", runs);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("2 runs, 1 cases; changes to slower: 0, to faster: 0. These are too few", run.Output);
        Assert.Equal(2, run.Error.Split("Left out: ").Length - 1);
        Assert.True(File.Exists(Path.Combine(runs, "history", "index.html")));
        // Its own folder is no run, and its own report is replaced.
        Assert.Equal(0, (await CommandRun.Of("report", "--history", runs)).ExitCode);
    }

    [Fact]
    public async Task A_history_of_nothing_is_refused()
    {
        Assert.Contains("has no run", await CommandRun.Refused("report", "--history", folder.Path));
        Assert.Contains("is no folder", await CommandRun.Refused("report", "--history", folder.File("nowhere")));
    }

    private string Save(string name, RunResults run)
    {
        string path = Directory.CreateDirectory(folder.File(name)).FullName;
        File.WriteAllText(Path.Combine(path, RunFolder.ResultsFile), JsonSerializer.Serialize(run, ResultsJson.Options));
        return path;
    }
}
