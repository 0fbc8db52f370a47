using Kernels.Abstractions;
using Kernels.Naive;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Flash;

/// <summary>One problem with seeded inputs, and what a kernel makes of it.</summary>
internal sealed class FlashCase
{
    private readonly AttentionProblem problem;

    public FlashCase(AttentionProblem problem)
    {
        this.problem = problem;
        var random = new Random(problem.QueryLength * 31 + problem.Keys);
        Q = Normal(random, problem.QueryLength);
        K = Normal(random, problem.KeyLength);
        V = Normal(random, problem.KeyLength);
    }

    public float[] Q { get; }

    public float[] K { get; }

    public float[] V { get; }

    /// <summary>The output of a kernel whose output and scratch were NaN before.</summary>
    public float[] Run(Kernel kernel)
    {
        float[] output = new float[problem.OutputLength];
        kernel.Forward(problem, Q, K, V, output);
        return output;
    }

    /// <summary>The same by an executor.</summary>
    public float[] Run(Kernel kernel, IExecutor executor)
    {
        float[] output = new float[problem.OutputLength];
        kernel.Forward(problem, Q, K, V, output, executor);
        return output;
    }

    /// <summary>Asserts that a team of threads writes what one thread does, to the bit.</summary>
    public void AssertSameOnAnyThreads(Kernel kernel)
    {
        float[] expected = Run(kernel);
        foreach (int threads in new[] { 1, 2, 3 })
        {
            float[] output = new float[problem.OutputLength];
            kernel.Forward(problem, Q, K, V, output, threads);
            Assert.Equal(expected, output);
        }
    }

    /// <summary>Asserts that a call, not the first, allocates nothing.</summary>
    public void AssertAllocatesNothing(Kernel kernel)
    {
        using Inputs inputs = References.Suite.Of(kernel.Info.Operation).CreateInputs(problem, InputFamily.Normal, seed: 1);
        using var buffers = new CallBuffers(kernel, inputs, SerialExecutor.Instance);
        buffers.Call.Run();
        // The least of several calls: what a kernel allocates it allocates in each, but the runtime allocates at times when it loads code.
        Assert.Equal(0, Enumerable.Range(0, 4).Min(_ => AllocatedBy(buffers.Call)));
    }

    private static long AllocatedBy(PreparedCall call)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        call.Run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>
    /// The largest error of the output of a kernel over what is allowed: twice that of plain float32 (all scores, then the softmax) and the rounding of the
    /// largest output. Right when at most 1; infinite when a number is not finite.
    /// </summary>
    public double ErrorRatio(Kernel kernel)
    {
        // Outputs beside o are the gate's alone.
        SoftmaxAttention operation = kernel.Info.Operation is SoftmaxAlibi ? Operations.SoftmaxAlibi : Operations.Softmax;
        float[] output = Run(kernel), plain = Run(operation is SoftmaxAlibi alibi ? new ScalarAlibi(alibi) : new ThreePass());
        using Inputs inputs = AttentionInputs.From(problem, Q, K, V);
        int[] queries = [.. Enumerable.Range(0, problem.Queries)];
        double error = 0, plainError = 0, largest = 0;
        int headLength = problem.Queries * problem.HeadDim;
        double[] gold = new double[headLength];
        for (int head = 0; head < problem.Batch * problem.Heads; head++)
        {
            References.Suite.Of(operation).Gold(inputs, new RowBlock(0, head, queries), gold);
            for (int i = 0; i < gold.Length; i++)
            {
                float value = output[head * headLength + i];
                if (!float.IsFinite(value))
                    return double.PositiveInfinity;
                error = Math.Max(error, Math.Abs(value - gold[i]));
                plainError = Math.Max(plainError, Math.Abs(plain[head * headLength + i] - gold[i]));
                largest = Math.Max(largest, Math.Abs(gold[i]));
            }
        }
        double allowed = 2 * (plainError + Math.ScaleB(1, -23) * largest);
        return error == 0 ? 0 : error / allowed;
    }

    private static float[] Normal(Random random, int length)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
