using System.Text.Json;
using System.Text.RegularExpressions;
using Kernels.Bench.Commands;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Kernels.Tests.Structure;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>The table of the fastest kernel at each length, and the command that writes it.</summary>
[RunsOnce]
public sealed partial class HeadlineTests : IDisposable
{
    private const string Document = "before\n<!-- headline: begin -->\nold\n<!-- headline: end -->\nafter\n";

    private static readonly Line flash = new("flash-a", n => 20.0 * n * n);
    private static readonly Line library = new(Headline.Library, n => 18.0 * n * n);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheReadmeHasWhatTheCommandWrites()
    {
        string readme = Repository.Read("README.md");
        string run = CommandPattern().Match(readme).Groups["run"].Value;
        (string text, _) = HeadlineMarkdown.Text(RunFolder.Load(Path.Combine(Repository.Root, run)), run, Examples.Program);
        Assert.True(
            readme == ReportCommand.Headline.PutInto(readme, text),
            $"The table is old; write it with: {Examples.Program} report {run} --headline README.md");
    }

    [Fact]
    public void RowsAreByMaskThreadsAndLength()
    {
        RunResults run = SyntheticSweep.Run([256, 128], "causal", 2, flash, library);
        var data = new ReportData([run with
        {
            Cases = [.. run.Cases, .. SyntheticSweep.Cases([512, 128], "full", 1, flash), .. SyntheticSweep.Cases([128], "window8", 1, flash)],
        }]);
        Assert.Equal(
            [("full", 1, 128), ("full", 1, 512), ("causal", 2, 128), ("causal", 2, 256)],
            new Headline(data, data.Runs[0]).Rows.Select(row => (row.Best.Result.Mask, row.Best.Result.Threads, SweepKey.Length(row.Best))));
    }

    [Fact]
    public void TheLibraryIsComparedWithEvenWhereItIsFaster()
    {
        var data = new ReportData([SyntheticSweep.Run([128], flash, library)]);
        HeadlineRow row = Assert.Single(new Headline(data, data.Runs[0]).Rows);
        Assert.Equal("flash-a", row.Best.Result.Kernel);
        Assert.Equal(0.9, row.OverLibrary!.Value.Value, 9);
    }

    [Fact]
    public async Task TheCommandWritesBetweenTheMarkersOnly()
    {
        string run = Save("run", SyntheticSweep.Run([128, 256], flash, library, new Line(SyntheticSweep.Peer, n => 24.0 * n * n)));
        File.WriteAllText(folder.File("README.md"), Document);
        Assert.Equal(0, (await CommandRun.Of("report", run, "--headline", folder.File("README.md"))).ExitCode);
        string text = File.ReadAllText(folder.File("README.md"));
        Assert.StartsWith("before\n<!-- headline: begin -->\nSoftmax attention", text, StringComparison.Ordinal);
        Assert.EndsWith("<!-- headline: end -->\nafter\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("old", text, StringComparison.Ordinal);
        Assert.Contains(
            "| full | 1 | 256 | `flash-a` | 102 | 94.8\u00A0% | 0.900× (0.865–0.937) | 1.20× (1.15–1.25) |",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "Measured on 2026-11-22 on Processor of amd-epyc-2c, 2 cores, AVX-512, .NET 10.0.12, Debian GNU/Linux 12, OpenBLAS 0.3.21, "
            + $"{SyntheticSweep.Peer} ({SyntheticSweep.PeerVersion}), git 85e6548",
            text, StringComparison.Ordinal);
        Assert.Contains("-- report run --headline README.md\n", text, StringComparison.Ordinal);
        Assert.Equal(["README.md", "run"], Directory.EnumerateFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)!).Order());
    }

    [Fact]
    public void DecodingIsOfTheMostThreadsAndFamiliesOfTheLongestSweep()
    {
        Line linear = new("linear-c", n => 300.0 * n) { Operation = Kernels.Abstractions.Operations.LinearElu };
        Line peer = new(SyntheticSweep.Peer, n => 30.0 * n * n);
        RunResults run = SyntheticSweep.Run([128, 256, 512], flash, linear, peer);
        var data = new ReportData([run with
        {
            Cases =
            [
                .. run.Cases, .. SyntheticSweep.Cases([128, 256, 1024], "causal", 1, flash, linear),
                .. new[] { 1, 2 }.Select(threads => SyntheticSweep.Case(flash, "b1-h32/8-q1-k2048-d128-causal", threads) with { BandwidthShare = 0.9 }),
                SyntheticSweep.Case(peer, "b1-h32/8-q1-k2048-d128-causal", 2),
            ],
        }]);

        var headline = new Headline(data, data.Runs[0]);

        HeadlineRow decoding = Assert.Single(headline.Decoding);
        Assert.Equal((2, 1.5), (decoding.Best.Result.Threads, Math.Round(decoding.OverPeer!.Value.Value, 9)));
        CrossoverTable.Row family = Assert.Single(headline.Families);
        Assert.Equal(("linear", "causal", 1024), (family.Family, family.Sweep.Key.Mask, family.Crossover.Lengths[^1]));
        (string text, _) = HeadlineMarkdown.Text(data.Runs[0].Results, "run", Examples.Program);
        Assert.Contains("| 2048 | `flash-a` | ", text, StringComparison.Ordinal);
        Assert.Contains("| linear-elu | `linear-c` | 8 heads, head dim 64, causal mask, 1 thread | `flash-a` | ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTableHasTwoLengthsOfEachMaskAndTheReportAll()
    {
        RunResults run = SyntheticSweep.Run([128, 256, 600, 1024, 3000, 8192], flash, library);
        (string text, _) = HeadlineMarkdown.Text(run, "run", Examples.Program);
        Assert.Equal(["600", "3000"], LengthPattern().Matches(text).Select(match => match.Groups["length"].Value));
    }

    [Fact]
    public async Task WithoutAFileTheTableIsPrinted()
    {
        CommandRun run = await CommandRun.Of("report", Save("run", SyntheticSweep.Run([128], flash)), "--headline");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("`flash-a`", run.Output, StringComparison.Ordinal);
        Assert.Contains("No peer was measured.", run.Output, StringComparison.Ordinal);
        Assert.Contains(" | – |", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeWrittenIsRefused()
    {
        string run = Save("run", SyntheticSweep.Run([128], flash));
        string plain = folder.File("plain.md");
        File.WriteAllText(plain, "no markers");
        Assert.Contains("<!-- headline: begin -->", await CommandRun.Refused("report", run, "--headline", plain), StringComparison.Ordinal);
        Assert.Equal("no markers", File.ReadAllText(plain));
        Assert.Contains("absent.md", await CommandRun.Refused("report", run, "--headline", folder.File("absent.md")), StringComparison.Ordinal);
        Assert.Contains("one run", await CommandRun.Refused("report", run, run, "--headline", plain), StringComparison.Ordinal);
        Assert.Contains("one run", await CommandRun.Refused("report", run, "--headline", plain, "--out", "x"), StringComparison.Ordinal);
        string other = Save("other", SyntheticSweep.Run([128], flash) with { Cases = [] });
        Assert.Contains("has no headline", await CommandRun.Refused("report", other, "--headline"), StringComparison.Ordinal);
    }

    private string Save(string name, RunResults run)
    {
        string path = Directory.CreateDirectory(folder.File(name)).FullName;
        File.WriteAllText(Path.Combine(path, RunFolder.ResultsFile), JsonSerializer.Serialize(run, ResultsJson.Options));
        return path;
    }

    [GeneratedRegex(@"^\| full \| 1 \| (?<length>\d+) \|", RegexOptions.Multiline)]
    private static partial Regex LengthPattern();

    [GeneratedRegex(@"-- report (?<run>\S+) --headline README\.md")]
    private static partial Regex CommandPattern();
}
