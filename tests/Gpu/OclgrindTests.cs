using Kernels.Abstractions;
using Xunit;
using static Kernels.Tests.Gpu.OpenClTesting;

namespace Kernels.Tests.Gpu;

/// <summary>The OpenCL kernels in an interpreter that finds races, accesses out of bounds and divergent barriers.</summary>
public class OclgrindTests
{
    private static readonly AttentionProblem causal = ProblemName.Parse("b1-h2/1-q9-k11-d5-causal");

    [Theory]
    [InlineData("tiled", "b1-h2/1-q9-k11-d5-causal")]
    [InlineData("tiled", "b1-h1-q17-k18-d3-window4")]
    [InlineData("flash", "b1-h2/1-q9-k11-d5-causal")]
    [InlineData("flash", "b1-h1-q17-k33-d3-window4")]
    [InlineData("flash with a GPU's tile", "b1-h2/1-q9-k43-d5-causal")]
    public void Nothing_is_wrong(string kernel, string shape)
    {
        AttentionProblem problem = ProblemName.Parse(shape);
        var inputs = Inputs(problem);

        Assert.Equal("", Oclgrind.Complaints(
            runtime => AssertEqualsOracle(problem, inputs, Run(Kernel(kernel, runtime), problem, inputs))));
    }

    /// <summary>Each change breaks the kernel so that oclgrind must say so: else the test above could not fail.</summary>
    [Theory]
    [InlineData("tiled", "barrier(CLK_LOCAL_MEM_FENCE);", "", "data race")]
    [InlineData("flash with a GPU's tile", "barrier(CLK_LOCAL_MEM_FENCE);\n\n        for (int block", "for (int block", "data race")]
    [InlineData("tiled", "if (query < queries && key < keys)", "if (query < queries + 1000)", "Invalid write")]
    [InlineData("tiled", "barrier(CLK_LOCAL_MEM_FENCE);", "if (x < 3) barrier(CLK_LOCAL_MEM_FENCE);", "divergence")]
    public void A_mistake_is_found(string kernel, string old, string changed, string complaint)
    {
        string complaints = Oclgrind.Complaints(runtime => Run(Kernel(kernel, runtime), causal, Inputs(causal)), (old, changed));

        Assert.Contains(complaint, complaints, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void It_is_an_emulator_and_says_so() => Oclgrind.Complaints(runtime =>
    {
        var kernel = (DeviceKernel)Kernel("flash", runtime);
        Assert.True(kernel.IsEmulated);
        Assert.Equal("Oclgrind Simulator (emulator)", kernel.Device);
    });
}
