using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// Calls kernels for attention on float32 numbers in head-major order, narrowed to the formats and put where the layouts of the kernel want them.
/// What is written begins as NaN, and so does scratch; what is accumulated begins with what the output holds, and with −∞ for the log-sum-exp.
/// A call fails where the kernel wrote outside the memory that it was given.
/// </summary>
internal static class KernelCall
{
    /// <summary>Computes the output on this thread.</summary>
    public static void Forward(
        this Kernel kernel, AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output) =>
        kernel.Forward(problem, q, k, v, output, SerialExecutor.Instance);

    /// <summary>Computes the output on a number of threads, by the executor that the suite takes for the kernel.</summary>
    public static void Forward(
        this Kernel kernel, AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int threads)
    {
        using IExecutor executor = Executors.For(kernel, threads);
        kernel.Forward(problem, q, k, v, output, executor);
    }

    /// <summary>Computes the output by an executor.</summary>
    public static void Forward(
        this Kernel kernel, AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        IExecutor executor) =>
        Run(kernel, problem, q, k, v, output, executor, call => call.Run());

    /// <summary>Computes the output several times; nanoseconds of each by the clock of the kernel's backend.</summary>
    public static double[] Nanoseconds(
        this Kernel kernel, AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int calls)
    {
        double[] times = [];
        Run(kernel, problem, q, k, v, output, SerialExecutor.Instance, call => times = call.Nanoseconds(calls));
        return times;
    }

    private static void Run(
        Kernel kernel, AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        IExecutor executor, Action<PreparedCall> run)
    {
        float[] nothingSeen = new float[problem.Batch * problem.Heads * problem.Queries];
        Array.Fill(nothingSeen, float.NegativeInfinity);
        using Inputs inputs = Inputs.From(
            problem, kernel.Info.Operation.Operands(problem, Format.Float32),
            new Dictionary<string, float[]>
            {
                ["q"] = q.ToArray(),
                ["k"] = k.ToArray(),
                ["v"] = v.ToArray(),
                ["o"] = output.ToArray(),
                ["lse"] = nothingSeen,
            });
        using var buffers = new CallBuffers(kernel, inputs, executor);
        buffers.PoisonOutputs();
        buffers.Memory.Fill((uint)Poison.NaN);
        run(buffers.Call);
        for (int place = 0; place < buffers.Operands.Length; place++)
            Assert.True(buffers.Buffers[place]?.FenceIntact() ?? true, $"{kernel.Info.Name} wrote beside {buffers.Operands[place]}");
        Assert.True(buffers.Memory.FenceIntact(), $"{kernel.Info.Name} wrote beside its scratch");
        buffers.Read(AttentionOperation.O).CopyTo(output);
    }
}
