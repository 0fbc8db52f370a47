using System.Diagnostics;
using System.Text.RegularExpressions;
using Kernels.Bench.Commands;
using Kernels.Bench.Commands.Selection;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>A dry run of bench/gpu-check/run.sh, which has one attempt on a borrowed machine.</summary>
[RunsOnce]
public class GpuCheckTests
{
    // A run that needs 30 s unless it is ended.
    private const string SlowRun = """
        case $1 in
        run) sleep 30 ;;
        *) echo "flash-cuda-f32     right    69  0  118" ;;
        esac
        """;

    private static readonly string[] parts =
        ["doctor", "verify", "run-first", "torch", "ncu", "sanitizer", "ptxas", "verify-ptx", "run-rest", "verify-full", "all"];

    [Fact]
    public void Every_part_writes_its_line_and_a_wrong_kernel_is_a_failure()
    {
        FakeCuda.RequireFolder();
        using var folder = new GpuCheckFolder(RealProgram);
        folder.Tool("nvidia-smi", "echo 9.0");
        folder.Tool("ncu", "echo counted");
        folder.Tool("compute-sanitizer", "echo '========= ERROR SUMMARY: 0 errors'");
        folder.Tool("ptxas", """
            echo 'ptxas info    : Used 250 registers'
            echo '    0 bytes stack frame, 8 bytes spill stores, 4 bytes spill loads'
            """);
        folder.Tool("cuobjdump", """
            echo '          Function : flash_f16_d64'
            echo '  /*0000*/  LDSM.16.M88.4 R4 ;'
            echo '  /*0010*/  HMMA.16816.F32 R4 ;'
            """);
        folder.Tool("python3", "echo '2 measured, 1 refused'");

        // The driver refuses launches, so every kernel fails in the gate; three of them, for which the time of a part is enough on a busy machine.
        CommandRun run = folder.Run("--kernels", "flash-cuda-f32,flash-cuda-wgmma-f16,flash-cuda-decode-f32", "--minutes", "2");

        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Error));
        string summary = folder.Packed("results/summary.txt");
        Assert.Equal(parts, summary.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));
        Assert.Contains("CUDA device 0 test double (emulator)", summary);
        Assert.True(Regex.IsMatch(summary, @"verify +\d+ s  exit 1    0 right, wrong: flash-cuda-f32 flash-cuda-wgmma-f16 flash-cuda-decode-f32"), summary);
        Assert.Contains("2 measured, 1 refused", summary);
        Assert.Contains("counters of 6 kernels", summary);
        Assert.Contains("27 clean", summary);
        Assert.Contains("sm_90a: 12 bytes of spills, 1 entries", summary);
        Assert.Equal("entry,HMMA,HGMMA,LDSM,LDGSTS,FFMA,local\nflash_f16_d64,1,0,1,0,0,0\n", folder.Packed("results/sass-counts.csv"));
        Assert.All(folder.Calls, AssertUnderstood);
        Assert.Contains(folder.Calls, call => call is ["run", "--suite", "gpu", ..]);
    }

    [Fact]
    public void Missing_tools_are_named_and_are_no_failure()
    {
        using var folder = new GpuCheckFolder(SlowRun.Replace("sleep 30", "echo measured"));

        CommandRun run = folder.Run("--", "--shapes", "h8-q128-d64");

        run.RequireSuccess();
        string summary = folder.Packed("results/summary.txt");
        Assert.Equal(parts, summary.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));
        (string, string)[] missing = [("torch", "python3"), ("ncu", "ncu"), ("sanitizer", "compute-sanitizer"), ("ptxas", "ptxas")];
        foreach ((string part, string tool) in missing)
            Assert.Matches($@"(?m)^{part} +\d+ s  exit 77   {tool} is not found, so this was left out", summary);
        Assert.Contains(folder.Calls, call => call is ["run", "--shapes", "h8-q128-d64", "--kernels", ..]);
    }

    [Fact]
    public async Task What_there_is_when_it_is_ended_is_packed_and_nothing_goes_on()
    {
        using var folder = new GpuCheckFolder(SlowRun);
        using Process process = folder.Start();
        while (!File.Exists(folder.PathOf("results/run-first.txt")))
            await Task.Delay(50, TestContext.Current.CancellationToken);

        using (Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(143, process.ExitCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"it ended after {clock.Elapsed}");
        string summary = folder.Packed("results/summary.txt");
        Assert.Matches(@"verify +\d+ s  exit 0    1 right, wrong: none", summary);
        Assert.Contains("ended by TERM", summary);
        // Standard output ends when no process holds it any more.
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("'--hours' is no option", "--hours", "2")]
    [InlineData("--minutes needs a value", "--minutes")]
    [InlineData("--minutes takes a number from 0.25 to 240, not 'ten'", "--minutes", "ten")]
    [InlineData("--minutes takes a number from 0.25 to 240, not '0'", "--minutes", "0")]
    public void Wrong_arguments_are_refused_with_one_line(string reason, params string[] arguments)
    {
        using var folder = new GpuCheckFolder("exit 1");

        CommandRun run = folder.Run(arguments);

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(reason, Assert.Single(run.Error.TrimEnd().Split('\n')));
        Assert.False(Directory.Exists(folder.PathOf("results")));
    }

    // doctor and the first verify are the program; run, whose ceilings take long, and the longer gates only log their command lines.
    private static string RealProgram => $"""
        case "$1 $5" in
        doctor*) ;;
        verify*quick) [ -z "$KERNELS_NVRTC" ] || exit 0 ;;
        *) exit 0 ;;
        esac
        export LD_LIBRARY_PATH={FakeCuda.Folder} KERNELS_NVRTC=none
        exec {GpuCheckFolder.DotNet} {Path.Combine(AppContext.BaseDirectory, "Kernels.Bench.dll")} "$@"
        """;

    private static void AssertUnderstood(string[] call)
    {
        Assert.Empty(Cli.Parse(call).Errors);
        if (Array.IndexOf(call, SelectionOptions.ShapesName) is >= 0 and var at)
            Assert.NotEmpty(ShapeSelection.Parse(call[at + 1], null, null));
    }
}
