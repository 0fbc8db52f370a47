using Kernels.Bench;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// Every kernel in memory that ends at a page which cannot be touched. In a process of its own, because a kernel that does touch it ends
/// the process.
/// </summary>
[RunsOnce]
public sealed class GuardPageTests
{
    [Theory]
    [InlineData("processor")]
    [InlineData("devices")]
    public async Task No_kernel_leaves_its_memory(string kind)
    {
        string kernels = string.Join(',', Catalog.All.Where(kernel => kernel.Backend is not null == (kind == "devices")).Select(kernel => kernel.Info.Name));
        // A device takes no heed of the threads of the host, and emulators are slow.
        string[] threads = kind == "devices" ? ["--threads", "1"] : [];
        CommandRun run = await CommandRun.OfOwnProcess(
            new Dictionary<string, string> { ["DOTNET_DbgEnableMiniDump"] = "0" }, ["verify", "--guard", "--kernels", kernels, .. threads]);
        Assert.True(run.ExitCode == Bench.Commands.ExitCode.Ok, $"{run.Error}\n{run.Output}");
    }
}
