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

    /// <summary>What a right kernel computes, under masks of one range of keys.</summary>
    public static void Right(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output)
    {
        int d = problem.HeadDim;
        Span<double> row = stackalloc double[d];
        output.Clear();
        for (int query = 0; query < problem.Queries; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            ReadOnlySpan<float> qRow = q.Slice(query * d, d);
            double max = double.NegativeInfinity, sum = 0;
            for (int key = visible.Begin; key < visible.End; key++)
                max = Math.Max(max, Score(problem, qRow, k.Slice(key * d, d)));
            row.Clear();
            for (int key = visible.Begin; key < visible.End; key++)
            {
                double weight = Math.Exp(Score(problem, qRow, k.Slice(key * d, d)) - max);
                sum += weight;
                for (int c = 0; c < d; c++)
                    row[c] += weight * v[key * d + c];
            }
            for (int c = 0; c < d && !visible.IsEmpty; c++)
                output[query * d + c] = (float)(row[c] / sum);
        }
    }

    private static double Score(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k)
    {
        double sum = 0;
        for (int c = 0; c < q.Length; c++)
            sum += (double)q[c] * k[c];
        return sum * problem.Scale;
    }

    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output, Span<float> scratch) =>
        head(problem, q, k, v, output);

    private sealed class NamedBackend(string name) : Backend
    {
        public override string Name => name;

        public override double[] Nanoseconds(Kernel kernel, in Call call, int calls, int threads, CancellationToken stop) =>
            [.. Enumerable.Repeat(1000.0, calls)];
    }
}
