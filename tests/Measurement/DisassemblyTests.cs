using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Bench.Commands;
using Kernels.Measurement.Runs;
using Kernels.Naive;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Measurement;

[Collection(nameof(Alone))]
[RunsOnce]
public sealed class DisassemblyTests : IDisposable
{
    private const string Problem = "b1-h2/1-q16-k16-d8";

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task A_run_on_cold_caches_with_machine_code_says_both()
    {
        string folder = temporary.File("run");
        CommandRun run = await CommandRun.Of(
            "run", "--kernels", "naive-three-pass", "--shapes", Problem, "--threads", "1", "--cold", "--disassembly", "--out", folder);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        RunResults results = RunStore.Open(folder).Assemble();
        Assert.True(results.Run.Cold);
        Assert.Contains("--cold --disassembly", results.Run.Command);
        Assert.Equal(CaseStatus.Measured, Assert.Single(results.Cases).Status);
        DisassemblyResult written = results.Kernels.Single(kernel => kernel.Name == "naive-three-pass").Disassembly!;
        string code = File.ReadAllText(Path.Combine(folder, written.File!));
        Assert.Contains($"while it computed {Problem}", code);
        Assert.Contains("; Assembly listing for method Kernels.Naive.ThreePass:", code);
        Assert.Contains("_IG02:", code);
        string page = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.Contains("href=\"disassembly/naive-three-pass.asm\"", page);
        Assert.Contains("caches emptied before each call", page);
        Assert.Contains(",cold,normal,measured,", File.ReadAllText(Path.Combine(folder, "results.csv")));

        string elsewhere = temporary.File("report");
        Assert.Equal(0, (await CommandRun.Of("report", folder, "--out", elsewhere)).ExitCode);
        Assert.DoesNotContain("href=\"disassembly", File.ReadAllText(Path.Combine(elsewhere, "index.html")));
        Assert.Contains("another selection", await CommandRun.Refused("run", "--resume", folder, "--shapes", "h1-q8-d4", "--cold"));
        Assert.Contains("with cold caches", await CommandRun.Refused("run", "--resume", folder, "--shapes", Problem));
    }

    [Fact]
    public void A_device_makes_its_own_code() =>
        Assert.Contains("test device", Write(new KernelFrom("test-device", (_, _, _, _, _) => { }) { RunsOn = "test device" }).Reason);

    [Fact]
    public void What_was_not_measured_is_not_listed() => Assert.Equal("it was not measured", Write(new ThreePass(), []).Reason);

    [Fact]
    public void A_process_that_fails_is_the_reason()
    {
        // Not in the catalog, so the process does not know it.
        string reason = Write(new KernelFrom("test-unknown", (_, _, _, _, _) => { })).Reason!;

        Assert.Contains("exit code 2", reason);
        Assert.Contains("Unknown kernel 'test-unknown'", reason);
    }

    [Fact]
    public async Task One_forward_pass_computes_what_it_is_told()
    {
        Assert.Equal(0, (await CommandRun.Of("forward", "naive-three-pass", "--shapes", Problem)).ExitCode);
        Assert.Contains("cannot compute", await CommandRun.Refused("forward", "sparse-tiles-portable", "--shapes", Problem));
    }

    private DisassemblyResult Write(Kernel kernel, params string[] problems) => ThisProgram.Disassembly.Write(
        kernel, problems, ThisMachine.Read(), temporary.Path, CancellationToken.None);

    private DisassemblyResult Write(Kernel kernel) => Write(kernel, Problem);
}
