using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Tests.Measurement;

/// <summary>A kernel whose one head is computed by a delegate.</summary>
internal sealed class KernelFrom(string name, KernelFrom.Head head) : HeadKernel
{
    public delegate void Head(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output);

    public long Scratch { get; init; }

    public string? Refusal { get; init; }

    public string? RunsOn { get; init; }

    public override string? Device => RunsOn;

    public override KernelInfo Info { get; } = new(name, "for tests", Definition.Softmax);

    public override long ScratchLength(AttentionProblem problem) => Scratch;

    protected override string? Refuses(AttentionProblem problem) => Refusal;

    /// <summary>What a right kernel computes.</summary>
    public static void Right(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output)
    {
        double[] row = new double[problem.HeadDim];
        for (int query = 0; query < problem.Queries; query++)
        {
            Oracle.Row(Definition.Softmax, problem, query, q, k, v, row);
            for (int c = 0; c < row.Length; c++)
                output[query * row.Length + c] = (float)row[c];
        }
    }

    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output, Span<float> scratch) =>
        head(problem, q, k, v, output);
}
