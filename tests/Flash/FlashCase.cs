using Kernels.Abstractions;
using Kernels.Naive;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Flash;

/// <summary>One problem with seeded inputs, and what a kernel makes of it.</summary>
internal sealed class FlashCase
{
    private readonly AttentionProblem problem;

    public FlashCase(AttentionProblem problem, float spread = 1)
    {
        this.problem = problem;
        var random = new Random(problem.QueryLength * 31 + problem.Keys);
        Q = Normal(random, problem.QueryLength, spread);
        K = Normal(random, problem.KeyLength, spread);
        V = Normal(random, problem.KeyLength, 1);
    }

    public float[] Q { get; }

    public float[] K { get; }

    public float[] V { get; }

    /// <summary>The output of a kernel whose output and scratch were NaN before.</summary>
    public float[] Run(AttentionKernel kernel)
    {
        float[] output = new float[problem.QueryLength];
        float[] scratch = new float[kernel.ScratchLength(problem)];
        Array.Fill(output, float.NaN);
        Array.Fill(scratch, float.NaN);
        kernel.Forward(problem, Q, K, V, output, scratch);
        return output;
    }

    /// <summary>Asserts that a team of threads writes what one thread does, to the bit.</summary>
    public void AssertSameOnAnyThreads(AttentionKernel kernel)
    {
        float[] expected = Run(kernel);
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using var threaded = new ThreadedKernel(kernel, threads);
            Assert.Equal(expected, Run(threaded));
        }
    }

    /// <summary>Asserts that a call, not the first, allocates nothing.</summary>
    public void AssertAllocatesNothing(AttentionKernel kernel)
    {
        float[] output = new float[problem.QueryLength], scratch = new float[kernel.ScratchLength(problem)];
        kernel.Forward(problem, Q, K, V, output, scratch);
        long before = GC.GetAllocatedBytesForCurrentThread();
        kernel.Forward(problem, Q, K, V, output, scratch);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>
    /// The largest error of an output over what is allowed: twice that of plain float32 (three passes) and the rounding of the largest
    /// output. Right when at most 1; infinite when a number is not finite.
    /// </summary>
    public double ErrorRatio(float[] output)
    {
        float[] plain = Run(new ThreePass());
        double error = 0, plainError = 0, largest = 0;
        double[] gold = new double[problem.HeadDim];
        int rows = problem.Batch * problem.Heads * problem.Queries;
        for (int row = 0; row < rows; row++)
        {
            GoldRow(row, gold);
            for (int channel = 0; channel < gold.Length; channel++)
            {
                float value = output[row * gold.Length + channel];
                if (!float.IsFinite(value))
                    return double.PositiveInfinity;
                error = Math.Max(error, Math.Abs(value - gold[channel]));
                plainError = Math.Max(plainError, Math.Abs(plain[row * gold.Length + channel] - gold[channel]));
                largest = Math.Max(largest, Math.Abs(gold[channel]));
            }
        }
        double allowed = 2 * (plainError + Math.ScaleB(1, -23) * largest);
        return error == 0 ? 0 : error / allowed;
    }

    private void GoldRow(int row, double[] gold)
    {
        (int headRow, int query) = Math.DivRem(row, problem.Queries);
        (int batch, int head) = Math.DivRem(headRow, problem.Heads);
        int queryBlock = problem.Queries * problem.HeadDim, keyBlock = problem.Keys * problem.HeadDim;
        int keyOffset = (batch * problem.KvHeads + problem.KvHead(head)) * keyBlock;
        Oracle.Row(
            Definition.Softmax, problem, query, Q.AsSpan(headRow * queryBlock, queryBlock), K.AsSpan(keyOffset, keyBlock),
            V.AsSpan(keyOffset, keyBlock), gold);
    }

    private static float[] Normal(Random random, int length, float spread)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = spread * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
