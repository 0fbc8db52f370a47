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
    public static AttentionKernel Kernel(string name, OpenClRuntime? runtime = null) => name switch
    {
        "tiled" => new OpenClTiled(runtime ?? OpenClRuntime.Default),
        "flash" => new OpenClFlash(runtime ?? OpenClRuntime.Default, FlashTile.For),
        "flash with a GPU's tile" => new OpenClFlash(
            runtime ?? OpenClRuntime.Default,
            (headDim, _) => FlashTile.GpuTiles(headDim).First(tile => tile.LocalBytes <= 48 * 1024)),
        _ => throw new ArgumentException(name),
    };

    public static (float[] Q, float[] K, float[] V) Inputs(AttentionProblem problem, int seed = 1)
    {
        var random = new Random(seed);
        float[] Fill(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() * 4 - 2))];
        return (Fill(problem.QueryLength), Fill(problem.KeyLength), Fill(problem.KeyLength));
    }

    public static float[] Run(AttentionKernel kernel, AttentionProblem problem, (float[] Q, float[] K, float[] V) inputs)
    {
        float[] output = new float[problem.QueryLength];
        Array.Fill(output, float.NaN);
        kernel.Forward(problem, inputs.Q, inputs.K, inputs.V, output, []);
        return output;
    }

    /// <summary>Compares every element with the float64 oracle; the inputs are at most 2, and so are the outputs.</summary>
    public static void AssertEqualsOracle(AttentionProblem problem, (float[] Q, float[] K, float[] V) inputs, float[] output)
    {
        int queryBlock = problem.Queries * problem.HeadDim, keyBlock = problem.Keys * problem.HeadDim;
        double[] expected = new double[problem.HeadDim];
        for (int row = 0; row < output.Length / problem.HeadDim; row++)
        {
            (int batchHead, int query) = Math.DivRem(row, problem.Queries);
            (int batch, int head) = Math.DivRem(batchHead, problem.Heads);
            int kvHead = batch * problem.KvHeads + problem.KvHead(head);
            Oracle.Row(
                Definition.Softmax, problem, query, inputs.Q.AsSpan(batchHead * queryBlock, queryBlock),
                inputs.K.AsSpan(kvHead * keyBlock, keyBlock), inputs.V.AsSpan(kvHead * keyBlock, keyBlock), expected);
            for (int c = 0; c < problem.HeadDim; c++)
                Assert.True(
                    Math.Abs(output[row * problem.HeadDim + c] - expected[c]) < 5e-6,
                    $"{problem}, head {batchHead}, query {query}, channel {c}: {output[row * problem.HeadDim + c]} for {expected[c]}");
        }
    }
}
