using System.Text.Json;
using Kernels.Bench.Commands;
using Kernels.Measurement.Runs;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>The real program in a process of its own, on a driver that fails: rows with reasons, and the process lives.</summary>
[RunsOnce]
public class CudaCommandTests
{
    [Theory]
    [InlineData("no-device", "the NVIDIA driver shows no CUDA device")]
    [InlineData("old-driver", "the NVIDIA driver is too old: it is for CUDA 10.2, and the kernels need 12.0")]
    [InlineData("old-device", "test double (emulator) is too old: compute capability 8.0 is needed")]
    public void List_gives_the_reason_in_the_row_of_each_kernel(string failure, string reason)
    {
        FakeCuda.RequireFolder();

        CommandRun run = FakeCuda.Command(failure, "list", "--json");

        run.RequireSuccess();
        JsonElement[] rows = [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray()
            .Where(row => row.GetProperty("name").GetString()!.StartsWith("flash-cuda-"))];
        Assert.Equal(35, rows.Length);
        Assert.All(rows, row => Assert.Equal((false, reason), (row.GetProperty("available").GetBoolean(), row.GetProperty("reason").GetString())));
    }

    [Fact]
    public void Doctor_names_driver_device_and_code()
    {
        FakeCuda.RequireFolder();

        CommandRun run = FakeCuda.Command("", "doctor");

        run.RequireSuccess();
        Assert.Matches(@"CUDA +libcuda\.so\.1 for CUDA 12\.8, through driver", run.Output);
        Assert.Matches(@"CUDA device 0 +test double \(emulator\), 2 multiprocessors, 1\.0 GiB, driver for CUDA 12\.8; the kernels run here", run.Output);
        Assert.Matches(@"CUDA code +PTX for sm_90a of this project \(NVRTC was not asked\)", run.Output);
    }

    [Fact]
    public void A_run_gives_a_failed_row_with_the_drivers_words_and_goes_on()
    {
        FakeCuda.RequireFolder();
        using var temporary = new TemporaryFolder();
        string folder = temporary.File("run");

        CommandRun run = FakeCuda.Command(
            "launch-failure", "run", "--kernels", "flash-cuda-f32,flash-cuda-f16,naive-three-pass",
            "--shapes", "h2-q20-k30-d64", "--threads", "1", "--out", folder);

        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Error));
        RunResults results = RunStore.Open(folder).Assemble();
        Assert.All(results.Cases.Where(result => result.Kernel.StartsWith("flash-cuda-")), result =>
        {
            Assert.Equal(CaseStatus.Failed, result.Status);
            Assert.Contains("CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure", result.Reason);
        });
        Assert.Contains(results.Cases, result => result is { Kernel: "naive-three-pass", Status: CaseStatus.Measured });
    }
}
