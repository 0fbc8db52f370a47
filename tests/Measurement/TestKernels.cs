using Kernels.Abstractions;

namespace Kernels.Tests.Measurement;

/// <summary>A kernel whose one head is computed by a delegate.</summary>
internal sealed class KernelFrom(string name, KernelFrom.Head head) : HeadKernel
{
    public delegate void Head(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output);

    public long Scratch { get; init; }

    public string? Refusal { get; init; }

    /// <summary>Stands for a device with this name.</summary>
    public string? RunsOn { get; init; }

    public override Backend? Backend => RunsOn is null ? null : new NamedBackend(RunsOn);

    public override KernelInfo Info { get; } = new(name, "for tests", Operations.Softmax);

    protected override long ScratchLength(AttentionProblem problem) => Scratch;

    protected override string? Refuses(AttentionProblem problem) => Refusal;

    /// <summary>What a right kernel computes.</summary>
    public static void Right(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output)
    {
        double[] row = new double[problem.HeadDim];
        for (int query = 0; query < problem.Queries; query++)
        {
            Gold.Row(Operations.Softmax, problem, query, q, k, v, row);
            for (int c = 0; c < row.Length; c++)
                output[query * row.Length + c] = (float)row[c];
        }
    }

    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output, Span<float> scratch) =>
        head(problem, q, k, v, output);

    private sealed class NamedBackend(string name) : Backend
    {
        public override string Name => name;

        public override double[] Nanoseconds(Kernel kernel, in Call call, int calls, int threads, CancellationToken stop) => [.. Enumerable.Repeat(1000.0, calls)];
    }
}
