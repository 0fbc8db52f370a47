using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Gpu.OpenCL;
using Xunit;
using static Kernels.Tests.Gpu.OpenClTesting;

namespace Kernels.Tests.Gpu;

/// <summary>What an OpenCL driver does to the signals of the process.</summary>
[RunsOnce]
public class PoclSignalsTests
{
    private const string IsChild = "KERNELS_TEST_DIVIDES";

    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    /// <summary>In a process of its own, which would hang if PoCL had the signal.</summary>
    [Fact]
    public void A_division_by_zero_throws_after_a_kernel_ran()
    {
        RequireDevice();
        if (Environment.GetEnvironmentVariable(IsChild) is null)
        {
            AssertPassesInChild();
            return;
        }
        var problem = new AttentionProblem(1, 1, 1, 3, 5, 8);
        Run(Kernel("tiled"), problem, RandomInputs(problem));
        int zero = Environment.GetCommandLineArgs().Count(argument => argument.Length == 0);

        Assert.Throws<DivideByZeroException>(() => 1 / zero);
    }

    private static void AssertPassesInChild()
    {
        string test = $"{typeof(PoclSignalsTests).FullName}.{nameof(A_division_by_zero_throws_after_a_kernel_ran)}";
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { typeof(PoclSignalsTests).Assembly.Location, "-method", test, "-noColor" },
            Environment = { [IsChild] = "1" },
            RedirectStandardOutput = true,
        };
        // This process may have set it already.
        start.Environment.Remove(PoclSignals.Variable);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(patience))
        {
            process.Kill();
            Assert.Fail($"after {patience.TotalSeconds} s the child still divides");
        }
        Assert.True(process.ExitCode == 0, output.Result);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output.Result);
    }
}
