using Kernels.Abstractions;
using Kernels.Bench;
using Xunit;

namespace Kernels.Tests.CommandLine;

public class DoctorTests
{
    [Fact]
    public async Task It_tells_the_machine_the_programs_and_each_kernel()
    {
        CommandRun run = await CommandRun.Of("doctor");
        run.RequireSuccess();
        Assert.Contains(System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription, run.Output);
        Assert.Contains("ManagedCuda ", run.Output);
        Assert.Contains("OpenBLAS ", run.Output);
        foreach (Kernel kernel in Catalog.All)
            Assert.Contains(kernel.Unavailable ?? "runs", Assert.Single(run.Output.Split('\n'), line => line.StartsWith(kernel.Info.Name + " ")));
    }

    [Fact]
    public async Task It_measures_the_exponential()
    {
        CommandRun run = await CommandRun.Of("doctor", "--exp", "1000003");
        run.RequireSuccess();
        Assert.Matches(@"(?m)^e\^x +128 bits .* ULP .*right$", run.Output);
        Assert.Contains("at least 1", await CommandRun.Refused("doctor", "--exp", "0"));
        Assert.Contains("--exp takes no 'x'", await CommandRun.Refused("doctor", "--exp", "x"));
    }
}
