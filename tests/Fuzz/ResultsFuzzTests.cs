using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement.Runs;
using Kernels.Naive;
using Kernels.Report;
using Kernels.Report.Model;
using Kernels.Results;
using Kernels.Tests.Measurement;
using Kernels.Tests.Report;
using Xunit;

namespace Kernels.Tests.Fuzz;

/// <summary>Files of results and of runs, which may come from anywhere.</summary>
[RunsOnce]
public sealed class ResultsFuzzTests
{
    private static readonly string[] pieces =
    [
        "null", "true", "[]", "{}", "[null]", "\"\"", "\"\\ud800\"", "\"\\udc00x\"", "-1", "0", "1", "2", "3", "1e-300", "1e300", "1.7e308", "1e999", "-5",
        "2147483648", "9223372036854775807", "99999999999999999999", "\"NaN\"", ",", ":", "\"kernels\"", "\"cases\"", "\"run\"", "\"measured\"",
        "\"skipped\"", "\"softmax\"", "\"delta\"",
        "\"b1-h1-q1000000000-k1000000000-d64-causal\"", "\"b1-h8/2-q7-k9-d3v1-longnet4x2+8x1\"", "\"b1-h1-q9-k9-d4-blocks16@/dev/zero\"",
        "\"b2000000000-h2000000000-q1-k1-d8\"",
        "\"strided1\"", "\"bfloat16\"", "\"AVX-512\"", "\"2026-11-22T08:30:00+00:00\"", "\"9999-12-31T23:59:59Z\"", "\"<b>\"", "{\"a\":{\"a\":{\"a\":1}}}",
    ];

    // Of many inputs some go through everything that a report does.
    private const int ReportOfEach = 100;

    [Fact]
    public void Results_are_reported_or_refused_in_a_line()
    {
        using var folder = new TemporaryFolder();
        byte[] current = JsonSerializer.SerializeToUtf8Bytes(Small(), ResultsJson.Options);
        FuzzRun.Try("results.json", [current, FirstVersion(current)], pieces, (input, number) =>
        {
            RunResults results = RunFolder.Read(new MemoryStream(input), "results.json");
            var data = new ReportData([results]);
            if (number % ReportOfEach == 0)
                ReportWriter.Write([data.Runs[0].Results], folder.File("report"), withPng: false);
        }, error => error is UserError, FuzzRun.BytesOfReport);
    }

    [Fact]
    public void A_run_is_opened_or_refused_in_a_line()
    {
        using var temporary = new TemporaryFolder();
        string folder = temporary.File("run"), file = Path.Combine(folder, RunStore.HeaderFile);
        RunRequest request = Samples.Of(new ThreePass());
        RunHeader header = RunHeader.Of(request, Synthetic.Info("test"), Synthetic.Machine("m"), [.. NaiveKernels.All]);
        using (RunStore store = RunStore.Create(folder, header))
            store.Save(Samples.Measured(request.Plan[0], 10));
        FuzzRun.Try("run.json", [File.ReadAllBytes(file)], pieces, (input, _) =>
        {
            File.WriteAllBytes(file, input);
            RunStore opened = RunStore.Open(folder);
            opened.Assemble();
            opened.Header.ToRequest(budget: null, (name, device) => KernelSelection.One(name, device));
        }, error => error is UserError);
    }

    [Fact]
    public void A_case_is_read_or_left_out()
    {
        using var temporary = new TemporaryFolder();
        string folder = temporary.File("run");
        RunRequest request = Samples.Of(new ThreePass());
        RunHeader header = RunHeader.Of(request, Synthetic.Info("test"), Synthetic.Machine("m"), [.. NaiveKernels.All]);
        using (RunStore store = RunStore.Create(folder, header))
            store.Save(Samples.Measured(request.Plan[0], 10));
        string file = Assert.Single(Directory.GetFiles(Path.Combine(folder, "cases")));
        FuzzRun.Try("case", [File.ReadAllBytes(file)], pieces, (input, number) =>
        {
            File.WriteAllBytes(file, input);
            RunStore opened = RunStore.Open(folder);
            RunResults assembled = opened.Assemble();
            if (number % ReportOfEach == 0)
                ReportWriter.Write([assembled], temporary.File("report"), withPng: false);
            if (opened.Damaged is [{ } damaged])
                throw new UserError(damaged);
        }, error => error is UserError, FuzzRun.BytesOfReport);
    }

    /// <summary>One of everything, so that damage hits each field often.</summary>
    private static RunResults Small()
    {
        RunResults run = Synthetic.Run();
        return run with
        {
            Kernels = [.. run.Kernels.Take(4)],
            Cases =
            [
                .. run.Cases.DistinctBy(result => (result.Kernel, result.Status)).Take(8),
                .. run.Cases.Where(result => result.Kernel == ReportData.Baseline).Take(3),
            ],
            Patterns = new Dictionary<string, IReadOnlyList<string>> { ["blocks16@a"] = ["10", "01"] },
        };
    }

    private static byte[] FirstVersion(byte[] current)
    {
        JsonObject results = JsonNode.Parse(current)!.AsObject();
        results["schemaVersion"] = 1;
        foreach (JsonNode? kernel in results["kernels"]!.AsArray())
        {
            JsonObject each = kernel!.AsObject();
            each.Remove("operation", out JsonNode? operation);
            each.Remove("format");
            each.Remove("formula");
            each["definition"] = operation;
            each["precision"] = "single";
        }
        return Encoding.UTF8.GetBytes(results.ToJsonString());
    }
}
