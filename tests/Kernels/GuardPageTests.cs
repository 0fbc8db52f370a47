using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Tests.CommandLine;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// Every kernel of the processor in memory that ends at a page which cannot be touched. In a process of its own, because a kernel that does touch it
/// ends the process.
/// </summary>
[RunsOnce]
public sealed class GuardPageTests
{
    [Fact]
    public async Task No_kernel_of_the_processor_leaves_its_memory()
    {
        string kernels = string.Join(',', Catalog.All.Where(kernel => kernel.Backend is null).Select(kernel => kernel.Info.Name));
        // Which memory is read depends on the problem, hardly on the numbers, and long sums take time.
        string shapes = string.Join(
            ',', GateCases.Of(GateDepth.Quick).Select(each => each.Problem).OfType<AttentionProblem>().Distinct().Where(problem => problem.Keys < 300));
        CommandRun run = await CommandRun.OfOwnProcess(
            new Dictionary<string, string> { ["DOTNET_DbgEnableMiniDump"] = "0" }, "verify", "--guard",
            "--kernels", kernels, "--shapes", shapes, "--inputs", "normal", "--threads", "2");
        Assert.True(run.ExitCode == Bench.Commands.ExitCode.Ok, $"{run.Error}\n{run.Output}");
    }
}
