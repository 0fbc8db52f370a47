using Kernels.Abstractions;
using Kernels.Gpu.OpenCL;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Gpu;

/// <summary>What the tests of the OpenCL kernels share. They run on whatever device there is; without one they are skipped.</summary>
internal static class OpenClTesting
{
    public static void RequireDevice()
    {
        if (OpenClRuntime.Default.Unavailable is { } reason)
            Assert.Skip(reason);
    }

    /// <summary>The two kernels, and the fused one with the tile that a GPU would get: work-items share rows, barriers matter.</summary>
    public static Kernel Kernel(string name, OpenClRuntime? runtime = null) => name switch
    {
        "tiled" => new OpenClTiled(runtime ?? OpenClRuntime.Default),
        "flash" => new OpenClFlash(runtime ?? OpenClRuntime.Default, FlashTile.For),
        "flash with a GPU's tile" => new OpenClFlash(
            runtime ?? OpenClRuntime.Default,
            (headDim, _) => FlashTile.GpuTiles(headDim).First(tile => tile.LocalBytes <= 48 * 1024)),
        _ => throw new ArgumentException(name),
    };

    public static (float[] Q, float[] K, float[] V) RandomInputs(AttentionProblem problem, int seed = 1)
    {
        var random = new Random(seed);
        float[] Fill(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() * 4 - 2))];
        return (Fill(problem.QueryLength), Fill(problem.KeyLength), Fill(problem.ValueLength));
    }

    public static float[] Run(Kernel kernel, AttentionProblem problem, (float[] Q, float[] K, float[] V) inputs)
    {
        float[] output = new float[problem.QueryLength];
        kernel.Forward(problem, inputs.Q, inputs.K, inputs.V, output);
        return output;
    }

    /// <summary>Compares every element with the float64 oracle; the inputs are at most 2, and so are the outputs.</summary>
    public static void AssertEqualsOracle(AttentionProblem problem, (float[] Q, float[] K, float[] V) inputs, float[] output)
    {
        using Inputs given = AttentionInputs.From(problem, inputs.Q, inputs.K, inputs.V);
        int[] queries = [.. Enumerable.Range(0, problem.Queries)];
        double[] expected = new double[problem.Queries * problem.HeadDim];
        for (int head = 0; head < problem.Batch * problem.Heads; head++)
        {
            References.Suite.Of(Operations.Softmax).Gold(given, new RowBlock(0, head, queries), expected);
            for (int i = 0; i < expected.Length; i++)
            {
                float actual = output[head * expected.Length + i];
                (int query, int channel) = Math.DivRem(i, problem.HeadDim);
                Assert.True(
                    Math.Abs(actual - expected[i]) < 5e-6, $"{problem}, head {head}, query {query}, channel {channel}: {actual} for {expected[i]}");
            }
        }
    }
}
