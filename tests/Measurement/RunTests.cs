using System.Text.Json;
using Kernels.Bench;
using Kernels.Bench.Commands;
using Kernels.Bench.Display;
using Kernels.Measurement.Runs;
using Kernels.Models;
using Kernels.Naive;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Measurement;

[Collection(nameof(Alone))]
[RunsOnce]
public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly string folder;

    public RunTests() => folder = temporary.File("run");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task A_run_writes_what_it_measured_and_resumes_where_it_ended()
    {
        // In a process of its own: threads of other tests would count as those of the kernel.
        CommandRun run = await CommandRun.OfOwnProcess(
            "run", "--kernels", "naive-three-pass", "--shapes", "h2/1-q16-d8,h1-q20-d4-causal", "--threads", "1", "--out", folder);

        Assert.True((run.ExitCode, run.Error) == (0, ""), $"{run.Error}\n{run.Output}");
        Assert.Contains("naive-three-pass", run.Output);
        RequireDocumentedNames(folder);
        RunResults results = RunStore.Open(folder).Assemble();
        Assert.Equal(Catalog.All.Count, results.Kernels.Count);
        Assert.Equal(["b1-h2/1-q16-k16-d8", "b1-h1-q20-k20-d4-causal"], results.Cases.Select(result => result.Problem));
        Assert.All(results.Cases, result => Assert.Equal((CaseStatus.Measured, 1), (result.Status, result.Threads)));
        Assert.Equal("custom", results.Run.Suite);
        Assert.EndsWith("run --kernels naive-three-pass --shapes h2/1-q16-d8,h1-q20-d4-causal --threads 1", results.Run.Command);
        Assert.NotNull(results.Run.Ended);
        Assert.False(results.Run.Interrupted);
        Assert.NotNull(results.Validator);
        Assert.NotNull(results.WrongTimings);
        Assert.Equal(0, results.Kernels.Single(kernel => kernel.Name == "naive-three-pass").Gate!.Failed);

        await RequireRefusedAgain();
        await RequireResumed(results.Cases[1]);
        await RequireUnchanged();
        await RequireSameCapture();
    }

    [Fact]
    public async Task A_budget_without_room_for_the_gate_is_refused_before_anything_is_written()
    {
        Assert.Contains(
            "besides its cases this run needs about", await CommandRun.Refused("run", "--budget", "5", "--kernels", "naive-three-pass", "--out", folder));
        Assert.False(Path.Exists(folder));
    }

    [Fact]
    public void What_the_budget_does_not_reach_is_skipped_and_not_timed_without_a_verdict()
    {
        RunRequest request = Samples.Of(new ThreePass()) with { Budget = TimeSpan.FromTicks(1) };
        RunHeader header = Samples.Header(request);
        header = header with { Results = header.Results with { Ceilings = new Ceilings { FmaPeaks = [], ReadBandwidths = [], PeakDrift = 0 } } };
        using RunStore store = RunStore.Create(folder, header);

        RunResults results = new MeasurementRun(store, request, new PlainProgress(TextWriter.Null), References.Suite, ThisProgram.Disassembly)
            .Execute(CancellationToken.None);

        Assert.All(results.Cases, result => Assert.Equal((CaseStatus.Skipped, null), (result.Status, result.Timing)));
        Assert.Null(results.Validator);
        string[] lines = [.. RunSummary.Lines(results)];
        Assert.Equal("Fastest: nothing was measured.", lines[0]);
        Assert.StartsWith("Not measured: 2 skipped of 2 cases; 2 because the run's budget was spent", lines[1]);
        Assert.EndsWith("No time at all for b1-h1-q8-k8-d4, b1-h2/1-q8-k8-d4-causal.", lines[1]);
    }

    [Fact]
    public void A_stopped_run_writes_what_it_has()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        RunRequest request = Samples.Of(new ThreePass());

        RunResults results = new MeasurementRun(
            RunStore.Create(folder, Samples.Header(request)), request, new PlainProgress(TextWriter.Null), References.Suite, ThisProgram.Disassembly)
            .Execute(stop.Token);

        Assert.True(results.Run.Interrupted);
        Assert.Empty(RunStore.Open(folder).Assemble().Cases);
        Assert.True(File.Exists(Path.Combine(folder, "results.json")));
    }

    [Fact]
    public void A_kernel_that_the_gate_rejects_gets_no_time()
    {
        RunRequest request = Samples.Of(new KernelFrom("test-mean-v", (problem, q, k, v, output) =>
        {
            for (int i = 0; i < output.Length; i++)
                output[i] = v[i % problem.HeadDim];
        }));
        RunHeader header = Samples.Header(request);
        // The validator's own test takes seconds and is not what is tested here.
        header = header with { Results = header.Results with { Validator = new ValidatorScore(0, 0, []), WrongTimings = new ValidatorScore(0, 0, []) } };

        RunResults results = new MeasurementRun(
            RunStore.Create(folder, header), request, new PlainProgress(TextWriter.Null), References.Suite, ThisProgram.Disassembly)
            .Execute(CancellationToken.None);

        Assert.All(results.Cases, result =>
        {
            Assert.Equal(CaseStatus.Wrong, result.Status);
            Assert.StartsWith("the gate rejected the kernel: test-mean-v", result.Reason);
            Assert.Null(result.Timing);
        });
        Assert.NotEqual(0, results.Kernels.Single(kernel => kernel.Name == "test-mean-v").Gate!.Failed);
    }

    [Theory]
    [InlineData("--budget", "0")]
    [InlineData("--budget", "-5")]
    [InlineData("--budget", "1e300")]
    [InlineData("--suite", "quik")]
    public async Task A_wrong_option_is_refused_before_anything_is_written(string option, string value)
    {
        string line = await CommandRun.Refused("run", option, value, "--out", folder);

        Assert.Contains(option.TrimStart('-'), line);
        Assert.False(Path.Exists(folder));
    }

    [Fact]
    public async Task A_suite_and_shapes_contradict_each_other() =>
        Assert.Contains("--suite", await CommandRun.Refused("run", "--suite", "full", "--lengths", "128", "--out", folder));

    [Fact]
    public async Task What_cannot_be_resumed_is_refused()
    {
        Assert.Contains("holds no run", await CommandRun.Refused("run", "--resume", folder));
        Assert.Contains("--out", await CommandRun.Refused("run", "--resume", folder, "--out", folder));
    }

    private async Task RequireRefusedAgain()
    {
        string before = File.ReadAllText(Path.Combine(folder, "results.json"));
        Assert.Contains("never overwritten", await CommandRun.Refused("run", "--shapes", "h1-q8-d4", "--out", folder));
        Assert.Equal(before, File.ReadAllText(Path.Combine(folder, "results.json")));
        CommandRun other = await CommandRun.OfOwnProcess("run", "--resume", folder, "--shapes", "h1-q8-d4");
        Assert.Equal(ExitCode.Usage, other.ExitCode);
        Assert.Contains("another selection", other.Error);
    }

    private async Task RequireResumed(CaseResult kept)
    {
        string cases = Path.Combine(folder, "cases");
        File.WriteAllText(Directory.EnumerateFiles(cases).Single(file => file.Contains("h2.1")), "{ damaged");

        CommandRun run = await CommandRun.OfOwnProcess("run", "--resume", folder);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Damaged, measured again", Assert.Single(run.Error.TrimEnd().Split('\n')));
        Assert.Contains("h2/1", run.Output);
        RunResults results = RunStore.Open(folder).Assemble();
        Assert.Equal(CaseStatus.Measured, results.Cases[0].Status);
        Assert.Equal(kept.Timing, results.Cases[1].Timing);
    }

    private async Task RequireUnchanged()
    {
        string header = File.ReadAllText(Path.Combine(folder, "run.json"));

        CommandRun run = await CommandRun.OfOwnProcess("run", "--resume", folder);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Nothing was left to measure", run.Output);
        Assert.Contains("Fastest: naive-three-pass on b1-h2/1-q16-k16-d8, b1-h1-q20-k20-d4-causal.", run.Output);
        Assert.Equal(header, File.ReadAllText(Path.Combine(folder, "run.json")));
        Assert.Empty(Directory.EnumerateFiles(folder, "*.tmp", SearchOption.AllDirectories));
    }

    /// <summary>The capture of a model that was fetched is that of the run.</summary>
    private async Task RequireSameCapture()
    {
        string path = Path.Combine(folder, RunStore.HeaderFile);
        string? captured = RunStore.Open(folder).Header.Captured;
        Assert.Equal(MiniLm.IsIn(ModelFolder.Of(Repository.Root, MiniLm.Name)), captured is not null);
        if (captured is null)
            return;
        File.WriteAllText(path, File.ReadAllText(path).Replace(captured, "another", StringComparison.Ordinal));

        CommandRun run = await CommandRun.OfOwnProcess("run", "--resume", folder);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("with other captured inputs", Assert.Single(run.Error.TrimEnd().Split('\n')));
    }

    /// <summary>The names that docs/results.md promises to other programs.</summary>
    private static void RequireDocumentedNames(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "results.json")));
        Assert.Equal(2, document.RootElement.GetProperty("schemaVersion").GetInt32());
        foreach (JsonElement result in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            Assert.Equal("measured", result.GetProperty("status").GetString());
            foreach (string name in new[] { "kernel", "problem", "mask", "threads", "exactGflops", "denseGflops", "scratchBytes", "allocatedBytesPerCall" })
                Assert.True(result.TryGetProperty(name, out _), name);
            foreach (string name in new[] { "medianNs", "lowNs", "highNs", "samples" })
                Assert.True(result.GetProperty("timing").TryGetProperty(name, out _), name);
            foreach (string name in new[] { "maxAbs", "nmse", "ratioToBase", "worstIndex" })
                Assert.True(result.GetProperty("errors").TryGetProperty(name, out _), name);
        }
    }
}
