using System.Diagnostics;
using Kernels.Bench;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// Every kernel in memory that ends at a page which cannot be touched. In a process of its own, because a kernel that does touch it ends
/// the process.
/// </summary>
[RunsOnce]
public sealed class GuardPageTests
{
    public static TheoryData<string> Kinds =>
        ["processor", new TheoryDataRow<string>("devices").WithTrait(RunsOnceAttribute.Name, RunsOnceAttribute.Value)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task No_kernel_leaves_its_memory(string kind)
    {
        string kernels = string.Join(',', Catalog.All.Where(kernel => kernel.Backend is not null == (kind == "devices")).Select(kernel => kernel.Info.Name));
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Kernels.Bench.dll"), "verify", "--guard", "--kernels", kernels },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        // A device takes no heed of the threads of the host, and emulators are slow.
        if (kind == "devices")
        {
            start.ArgumentList.Add("--threads");
            start.ArgumentList.Add("1");
        }
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == Bench.Commands.ExitCode.Ok, $"{await error}\n{await output}");
    }
}
