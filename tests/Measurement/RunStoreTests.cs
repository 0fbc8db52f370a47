using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Runs;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

[RunsOnce]
public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly string folder;
    private readonly PlannedCase[] plan = [.. Samples.Request.Plan];

    public RunStoreTests() => folder = temporary.File("run");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_killed_run_is_read_from_what_it_had_written()
    {
        RunStore store = RunStore.Create(folder, Samples.Header());
        store.Save(Samples.Measured(plan[2], 20));
        store.Save(Samples.Measured(plan[0], 10));

        RunResults results = RunStore.Open(folder).Assemble();

        Assert.Equal([plan[0].Key, plan[2].Key], results.Cases.Select(KeyOf));
        Assert.Equal(10, results.Cases[0].Timing!.MedianNs);
        Assert.False(File.Exists(Path.Combine(folder, "results.json")));
    }

    [Fact]
    public void A_run_is_opened_with_the_cases_that_are_on_disk()
    {
        RunStore.Create(folder, Samples.Header()).Save(Samples.Measured(plan[1], 10));

        RunStore store = RunStore.Open(folder);

        Assert.Empty(store.Damaged);
        Assert.Equal([false, true, false, false], plan.Select(planned => store.Has(planned.Key)));
        Assert.Equal(plan.Select(planned => planned.Key), store.Header.ToRequest(budget: null, (name, device) =>
            KernelSelection.One(name, device)).Plan.Select(planned => planned.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"kernel\": \"naive-three-pass\"}")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public void A_damaged_case_is_named_and_missing(string contents)
    {
        RunStore before = RunStore.Create(folder, Samples.Header());
        before.Save(Samples.Measured(plan[0], 10));
        before.Save(Samples.Measured(plan[1], 10));
        string damaged = Path.Combine(folder, "cases", plan[0].Key + ".json");
        File.WriteAllText(damaged, contents);

        RunStore store = RunStore.Open(folder);

        Assert.StartsWith(damaged, Assert.Single(store.Damaged));
        Assert.False(store.Has(plan[0].Key));
        Assert.True(store.Has(plan[1].Key));
    }

    [Fact]
    public void Every_truncation_of_a_case_is_noticed()
    {
        RunStore.Create(folder, Samples.Header()).Save(Samples.Measured(plan[0], 10));
        string file = Path.Combine(folder, "cases", plan[0].Key + ".json");
        byte[] whole = File.ReadAllBytes(file);

        // The last two bytes are the closing brace and a line feed, which is not needed.
        for (int length = 0; length < whole.Length - 1; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            Assert.Single(RunStore.Open(folder).Damaged);
        }
    }

    [Fact]
    public void The_result_of_another_case_is_damage()
    {
        RunStore.Create(folder, Samples.Header()).Save(Samples.Measured(plan[0], 10));
        string cases = Path.Combine(folder, "cases");
        File.Move(Path.Combine(cases, plan[0].Key + ".json"), Path.Combine(cases, plan[1].Key + ".json"));

        Assert.Contains("another case", Assert.Single(RunStore.Open(folder).Damaged));
    }

    [Fact]
    public void A_file_that_was_not_finished_is_no_case()
    {
        RunStore.Create(folder, Samples.Header()).Dispose();
        File.WriteAllText(WholeFile.UnfinishedName(Path.Combine(folder, "cases", plan[0].Key + ".json")), "{");

        using RunStore store = RunStore.Resume(folder);

        Assert.Empty(store.Damaged);
        Assert.False(store.Has(plan[0].Key));
        store.Save(Samples.Measured(plan[0], 10));
        Assert.Equal([plan[0].Key + ".json"], Directory.EnumerateFiles(Path.Combine(folder, "cases")).Select(Path.GetFileName));
    }

    [Fact]
    public void One_process_writes_a_run_at_a_time()
    {
        using (RunStore.Create(folder, Samples.Header()))
        {
            Assert.Contains("used by another process", Assert.Throws<UserError>(() => RunStore.Resume(folder)).Message);
            Assert.Empty(RunStore.Open(folder).Damaged);
        }
        // A process that was killed leaves the file, and the system has taken its lock.
        File.WriteAllText(Path.Combine(folder, "run.lock"), "1\n");
        RunStore.Resume(folder).Dispose();
        Assert.False(File.Exists(Path.Combine(folder, "run.lock")));
    }

    [Theory]
    [InlineData("\"results\": {", "\"results\": null, \"other\": {", "$.results is null")]
    [InlineData("\"plan\": [", "\"plan\": [null, ", "$.plan[0] is null")]
    [InlineData("\"plan\": [", "\"plan\": null, \"other\": [", "$.plan is null")]
    [InlineData("\"problem\": \"", "\"problem\": null, \"other\": \"", "$.plan[0].problem is null")]
    [InlineData("\"kernels\": [", "\"kernels\": [null, ", "$.results.kernels[0] is null")]
    [InlineData("\"caseSeconds\":", "\"caseSecond\":", "$.caseSeconds is missing")]
    public void What_is_wrong_with_a_header_is_named(string part, string replacement, string flaw)
    {
        RunStore.Create(folder, Samples.Header()).Dispose();
        string file = Path.Combine(folder, "run.json"), text = File.ReadAllText(file);
        Assert.Contains(part, text);
        File.WriteAllText(file, text.Replace(part, replacement));

        Assert.Equal($"{file} is damaged: {flaw}.", Assert.Throws<UserError>(() => RunStore.Open(folder)).Message);
    }

    [Fact]
    public void A_case_of_a_long_name_is_kept()
    {
        AttentionMask mask = MaskName.Parse("longnet" + string.Join('+', Enumerable.Range(1, 40).Select(i => $"{8 * i}x{i}")))!;
        var planned = new PlannedCase(plan[0].Kernel, null, new AttentionProblem(1, 1, 1, 8, 8, 4, mask), 1);
        using (RunStore store = RunStore.Create(folder, Samples.Header(Samples.Request with { Plan = [planned] })))
            store.Save(Samples.Measured(planned, 10));

        Assert.Equal(planned.Problem.ToString(), Assert.Single(RunStore.Open(folder).Assemble().Cases).Problem);
        Assert.InRange(Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(folder, "cases")))).Length, 1, 240);
    }

    [Fact]
    public void Results_have_the_cases_in_the_order_of_the_plan_and_their_share_of_the_ceiling()
    {
        RunStore store = RunStore.Create(folder, Samples.Header());
        foreach (PlannedCase planned in plan.Reverse())
            store.Save(Samples.Measured(planned, 10) with { ExecutedGflops = 20 });
        store.Update(store.Header with
        {
            Results = store.Header.Results with
            {
                Ceilings = new Ceilings { FmaPeaks = [new FmaPeak("any", 1, 200)], ReadBandwidths = [new("L2", 1, 1 << 28, 25)] },
            },
        });

        RunResults written = store.WriteResults();
        RunResults read = RunStore.Open(folder).Assemble();

        Assert.Equal(plan.Select(planned => planned.Key), read.Cases.Select(KeyOf));
        Assert.All(read.Cases, result => Assert.Equal(result.ExactGflops / 200, result.CeilingShare));
        Assert.All(read.Cases, result => Assert.Equal(0.1, result.ExecutedShare));
        Assert.All(read.Cases, result => Assert.Equal(result.GigabytesPerSecond / 25, result.BandwidthShare));
        Assert.Equal(written.Cases, read.Cases);
    }

    [Fact]
    public void A_rate_that_the_machine_cannot_reach_has_no_figures()
    {
        RunStore store = RunStore.Create(folder, Samples.Header());
        store.Update(store.Header with
        {
            Results = store.Header.Results with { Ceilings = new Ceilings { FmaPeaks = [new FmaPeak("any", 1, 200)], ReadBandwidths = [] } },
        });
        store.Save(Samples.Measured(plan[0], 10) with { ExactGflops = 211 });
        store.Save(Samples.Measured(plan[1], 10) with { ExactGflops = 209 });

        IReadOnlyList<CaseResult> cases = store.Assemble().Cases;

        Assert.Equal((CaseStatus.Failed, TimingFault.TooFast, null), (cases[0].Status, cases[0].Fault, cases[0].Timing));
        Assert.Equal((CaseStatus.Measured, 209 / 200.0), (cases[1].Status, cases[1].CeilingShare));
    }

    [Fact]
    public void A_folder_with_anything_in_it_is_never_written_to()
    {
        Directory.CreateDirectory(folder);
        string precious = Path.Combine(folder, "precious.txt");
        File.WriteAllText(precious, "mine");

        Assert.Contains("never overwritten", Assert.Throws<UserError>(() => RunStore.Create(folder, Samples.Header())).Message);
        Assert.Contains("never overwritten", Assert.Throws<UserError>(() => RunStore.Create(precious, Samples.Header())).Message);
        Assert.Equal([precious], Directory.EnumerateFileSystemEntries(folder));
        Assert.Equal("mine", File.ReadAllText(precious));
    }

    [Fact]
    public void A_path_through_a_file_is_refused()
    {
        File.WriteAllText(folder, "");

        Assert.StartsWith("Cannot write results", Assert.Throws<UserError>(() => RunStore.Create(Path.Combine(folder, "run"), Samples.Header())).Message);
    }

    [Theory]
    [InlineData("not json", "damaged")]
    [InlineData("{}", "damaged")]
    [InlineData(null, "holds no run")]
    public void A_run_without_its_header_is_refused(string? header, string reason)
    {
        RunStore.Create(folder, Samples.Header());
        string file = Path.Combine(folder, "run.json");
        File.Delete(file);
        if (header is not null)
            File.WriteAllText(file, header);

        Assert.Contains(reason, Assert.Throws<UserError>(() => RunStore.Open(folder)).Message);
    }

    [Fact]
    public void A_run_of_a_later_version_is_refused()
    {
        RunHeader header = Samples.Header();
        RunStore.Create(folder, header with { Results = header.Results with { SchemaVersion = RunResults.CurrentSchemaVersion + 1 } });

        Assert.Contains("version", Assert.Throws<UserError>(() => RunStore.Open(folder)).Message);
    }

    [Fact]
    public void Writing_that_fails_leaves_the_old_file_and_nothing_else()
    {
        RunStore store = RunStore.Create(folder, Samples.Header());
        store.Save(Samples.Measured(plan[0], 10));

        // Not a number cannot be written as JSON.
        Assert.ThrowsAny<Exception>(() => store.Save(Samples.Measured(plan[0], double.NaN)));

        Assert.Equal(10, RunStore.Open(folder).Assemble().Cases.Single().Timing!.MedianNs);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, "cases")));
    }

    private static string KeyOf(CaseResult result) => CaseResult.Key(result.Kernel, result.Problem, result.Threads);
}
