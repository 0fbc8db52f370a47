using Kernels.Abstractions;
using Xunit;
using static Kernels.Tests.Gpu.OpenClTesting;

namespace Kernels.Tests.Gpu;

/// <summary>The OpenCL kernels in an interpreter that finds races, accesses out of bounds and divergent barriers.</summary>
public class OclgrindTests
{
    private static readonly AttentionProblem causal = ProblemName.Parse("b1-h4/2-q19-k23-d20-causal");

    [Theory]
    [InlineData("tiled", "b1-h4/2-q19-k23-d20-causal")]
    [InlineData("tiled", "b1-h1-q17-k33-d5-window4")]
    [InlineData("flash", "b1-h4/2-q19-k23-d20-causal")]
    [InlineData("flash", "b1-h1-q17-k133-d5-window4")]
    [InlineData("flash with a GPU's tile", "b1-h4/2-q19-k43-d20-causal")]
    public void Nothing_is_wrong(string kernel, string shape)
    {
        using Oclgrind oclgrind = Oclgrind.Start();
        AttentionProblem problem = ProblemName.Parse(shape);
        var inputs = Inputs(problem);

        AssertEqualsOracle(problem, inputs, Run(Kernel(kernel, oclgrind.Runtime), problem, inputs));
        Assert.Equal("", oclgrind.Complaints);
    }

    /// <summary>Each change breaks the kernel so that oclgrind must say so: else the test above could not fail.</summary>
    [Theory]
    [InlineData("tiled", "barrier(CLK_LOCAL_MEM_FENCE);", "", "data race")]
    [InlineData("flash with a GPU's tile", "    for (int first_key = seen.s0; first_key < seen.s1; first_key += TILE_KEYS) {\n        barrier(CLK_LOCAL_MEM_FENCE);", "    for (int first_key = seen.s0; first_key < seen.s1; first_key += TILE_KEYS) {", "data race")]
    [InlineData("tiled", "if (query < queries && key < keys)", "if (query < queries + 1000)", "Invalid write")]
    [InlineData("tiled", "barrier(CLK_LOCAL_MEM_FENCE);", "if (x < 3) barrier(CLK_LOCAL_MEM_FENCE);", "divergence")]
    public void A_mistake_is_found(string kernel, string old, string changed, string complaint)
    {
        using Oclgrind oclgrind = Oclgrind.Start((old, changed));

        Run(Kernel(kernel, oclgrind.Runtime), causal, Inputs(causal));
        Assert.Contains(complaint, oclgrind.Complaints, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void It_is_an_emulator_and_says_so()
    {
        using Oclgrind oclgrind = Oclgrind.Start();
        var kernel = (DeviceKernel)Kernel("flash", oclgrind.Runtime);

        Assert.True(kernel.IsEmulated);
        Assert.Equal("Oclgrind Simulator (emulator)", kernel.Device);
    }
}
