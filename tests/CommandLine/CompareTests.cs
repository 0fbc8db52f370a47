using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Bench.Commands;
using Kernels.Bench.Display;
using Kernels.Measurement;
using Kernels.Measurement.Comparison;
using Kernels.Naive;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Tests.Measurement;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.CommandLine;

[Collection(nameof(Alone))]
[RunsOnce]
public sealed class CompareTests : IDisposable
{
    private static readonly NamedProblem small = new(null, new AttentionProblem(1, 1, 1, 16, 16, 8));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Two_kernels_give_a_row_for_each_problem()
    {
        CommandRun run = await CommandRun.Of(
            "compare", "naive-triple-loop", "naive-three-pass", "--shapes", "h2-q32-d16,h1-q24-d8-causal", "--threads", "1", "--rounds", "7",
            "--json", folder.File("compared.json"));

        run.RequireSuccess();
        string[] lines = [.. run.Output.TrimEnd().Split('\n').SkipWhile(line => !line.StartsWith("problem", StringComparison.Ordinal))];
        Assert.StartsWith("problem", lines[0]);
        Assert.StartsWith("b1-h2-q32-k32-d16", lines[1]);
        Assert.Contains("noise floor ±", lines[1]);
        Assert.StartsWith("b1-h1-q24-k24-d8-causal", lines[2]);
        RequireDocumentedNames(File.ReadAllText(folder.File("compared.json")));
        CompareResults results = Read(File.ReadAllText(folder.File("compared.json")));
        Assert.EndsWith("compare naive-triple-loop naive-three-pass --shapes h2-q32-d16,h1-q24-d8-causal --threads 1 --rounds 7", results.Command);
        Assert.All(results.Rows, row =>
        {
            Assert.Equal((CaseStatus.Measured, 7), (row.Status, row.Rounds));
            Assert.Equal(["naive-triple-loop", "naive-three-pass"], row.Contestants.Select(each => each.Name));
            Assert.All(row.Contestants, each => Assert.Equal(7, each.RoundsNs!.Count));
            Assert.Equal(
                MedianInterval.Of([.. row.Contestants[0].RoundsNs!.Zip(row.Contestants[1].RoundsNs!, (a, b) => a / b)]).Median, row.Ratio!.Value.Median, 1e-12);
        });
    }

    [Theory]
    [InlineData("naive-three-pass")]
    [InlineData("naive-three-pass naive-three-pass")]
    public async Task One_kernel_is_measured_against_itself(string names)
    {
        CommandRun run = await CommandRun.Of(
            ["compare", .. names.Split(' '), "--shapes", "h1-q16-d8", "--threads", "1", "--rounds", "6", "--cold", "--json", "-"]);

        run.RequireSuccess();
        CompareResults results = Read(run.Output);
        CompareRow row = Assert.Single(results.Rows);
        Assert.True(results.Cold);
        Assert.Null(row.Ratio);
        Assert.True(row.NoiseFloor >= 0);
        Assert.Single(row.Contestants);
    }

    [Fact]
    public async Task Several_processes_are_started_and_their_medians_taken()
    {
        CommandRun run = await CommandRun.Of(
            "compare", "naive-triple-loop", "naive-three-pass", "--shapes", "h1-q16-d8-s0.5", "--threads", "1,2", "--rounds", "6", "--processes", "2",
            "--json", folder.File("compared.json"));

        run.RequireSuccess();
        Assert.Contains("of 2 processes", run.Output);
        CompareResults results = Read(File.ReadAllText(folder.File("compared.json")));
        Assert.Equal([1, 2], results.Rows.Select(row => row.Threads));
        Assert.All(results.Rows, row =>
        {
            Assert.Equal(2, row.Processes!.Count);
            Assert.NotEqual(row.Processes[0].Contestants[0].RoundsNs, row.Processes[1].Contestants[0].RoundsNs);
            Assert.Equal(12, row.Rounds);
        });
    }

    [Fact]
    public void A_process_that_fails_is_named_with_its_exit_code_and_its_words()
    {
        (IReadOnlyList<CompareRow> rows, string? failure) = ProcessComparison.Execute(
            ThisProgram.Process, Request(new ThreePass()) with { Processes = 3 }, _ => ["compare", "no-such-kernel"], Silent, CancellationToken.None);

        Assert.Empty(rows);
        Assert.Contains("exit code 2", failure);
        Assert.Contains("Unknown kernel 'no-such-kernel'", failure);
    }

    [Fact]
    public void A_kernel_that_turns_wrong_while_it_is_timed_gets_no_number()
    {
        int calls = 0;
        CompareRow row = Measure(new KernelFrom("test-tired", (problem, q, k, v, output) =>
        {
            if (calls++ < 20)
                KernelFrom.Right(problem, q, k, v, output);
        }));

        Assert.Equal(CaseStatus.Wrong, row.Status);
        Assert.Contains("test-tired: ", row.Reason);
        Assert.Empty(row.Contestants);
        Assert.Null(row.Ratio);
    }

    [Fact]
    public void A_kernel_that_throws_has_failed_with_its_reason()
    {
        CompareRow row = Measure(new KernelFrom("test-throws", (_, _, _, _, _) => throw new InvalidOperationException("no luck today")));

        Assert.Equal((CaseStatus.Failed, "InvalidOperationException: no luck today"), (row.Status, row.Reason));
    }

    [Fact]
    public void A_refusal_is_reported_in_the_kernels_words()
    {
        CompareRow row = Measure(new KernelFrom("test-refuses", (_, _, _, _, _) => { }) { Refusal = "only on Sundays" });

        Assert.Equal((CaseStatus.Unsupported, "test-refuses: only on Sundays"), (row.Status, row.Reason));
    }

    [Fact]
    public void A_stopped_comparison_has_no_rows()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Empty(ComparisonRun.Execute(Request(new ThreePass()), Silent, stop.Token));
        Assert.Empty(ProcessComparison.Execute(ThisProgram.Process, Request(new ThreePass()) with { Processes = 2 }, _ => ["list"], Silent, stop.Token).Rows);
    }

    [Theory]
    [InlineData(0.85, 0.95, "90.0 % of peak (85.0–95.0)")]
    [InlineData(0.8, 15, "unsteady of peak (80.0–1500.0)")]
    public void A_share_is_shown_where_it_was_steady(double low, double high, string expected)
    {
        var contestant = new ContestantResult { Name = "a", Ns = new MedianInterval(1, 1, 1), ExactGflops = 1, PeakShare = new MedianInterval(0.9, low, high) };
        using var output = new StringWriter();

        CompareView.Write(output, new CompareResults
        {
            Command = "compare a",
            Started = DateTimeOffset.UnixEpoch,
            Machine = Kernels.Tests.Report.Synthetic.Machine("m"),
            Cold = false,
            Rows = [new CompareRow { Problem = "b1-h1-q4-k4-d4", Threads = 1,
                Status = CaseStatus.Measured, Rounds = 6, Contestants = [contestant], NoiseFloor = 0.5 }],
        });

        Assert.Contains(expected, output.ToString());
        Assert.Contains("- b1-h1-q4-k4-d4 with 1 thread: a kernel differs from itself by 50 %.", output.ToString());
    }

    [Theory]
    [InlineData("", "compare needs A")]
    [InlineData("naive-tripel-loop", "the nearest are naive-triple-loop")]
    [InlineData("naive-triple-loop nothing", "Unknown kernel 'nothing'")]
    [InlineData("naive-triple-loop --rounds 5", "--rounds takes 6 to 1,000, not 5")]
    [InlineData("naive-triple-loop --rounds many", "--rounds takes no 'many'")]
    [InlineData("naive-triple-loop --processes 0", "--processes takes 1 to 100, not 0")]
    [InlineData("naive-triple-loop --peak 100", "--peak 100")]
    [InlineData("naive-triple-loop --threads 0", "'0' is not a number of threads")]
    [InlineData("naive-triple-loop --json no/such/folder/x.json", "no/such/folder")]
    [InlineData("sparse-tiles-portable --shapes h1-q16-d8", "Nothing can be measured. sparse-tiles-portable")]
    [InlineData("naive-triple-loop naive-three-pass simd-portable", "takes no 'simd-portable' here")]
    public async Task Wrong_command_lines_are_one_line(string line, string expected) =>
        Assert.Contains(expected, await CommandRun.Refused(["compare", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));

    [Fact]
    public async Task A_problem_that_one_of_them_refuses_is_a_row_with_the_reason()
    {
        CommandRun run = await CommandRun.Of(
            "compare", "naive-three-pass", "sparse-tiles-portable", "--shapes", "h1-q16-d8", "--masks", "full,causal", "--threads", "1", "--rounds", "6");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("unsupported: sparse-tiles-portable: ", run.Output);
        Assert.Contains("noise floor", run.Output);
    }

    private static PlainProgress Silent => new(TextWriter.Null);

    private static CompareResults Read(string json) => JsonSerializer.Deserialize<CompareResults>(json, ResultsJson.Options)!;

    /// <summary>The names that docs/results.md promises to other programs.</summary>
    private static void RequireDocumentedNames(string json)
    {
        string document = Repository.Read("docs/results.md").Split("## compare --json")[1].Split("\n## ")[0];
        using var compared = JsonDocument.Parse(json);
        JsonElement row = compared.RootElement.GetProperty("rows")[0];
        Assert.All(compared.RootElement.EnumerateObject(), field => Assert.Contains(field.Name == "rows" ? "`rows[]." : $"`{field.Name}`", document));
        Assert.All(row.EnumerateObject(), field => Assert.Contains($"`rows[].{field.Name}", document));
        Assert.All(row.GetProperty("contestants")[0].EnumerateObject(), field => Assert.Contains($"`rows[].contestants[].{field.Name}`", document));
    }

    private static CompareRequest Request(Kernel b) => new() { A = new TripleLoop(), B = b, References = References.Suite, Entries = [(small, 1)], Rounds = 6 };

    private static CompareRow Measure(Kernel b) => Assert.Single(ComparisonRun.Execute(Request(b), Silent, CancellationToken.None));
}
