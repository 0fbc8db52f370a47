using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>
/// Linear attention as a recurrent network: each key adds φ(k)vᵀ to a state of headDim × headDim numbers, each query multiplies the state
/// by φ(q). Time linear in the sequence and scratch independent of it, but every key reads and writes the whole state.
/// </summary>
public sealed class EluRecurrent : HeadKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-elu-recurrent", "a state φ(K)ᵀV that grows key by key, scalar float32", Definition.LinearElu)
    {
        Source = "Katharopoulos et al. 2020, Transformers are RNNs, section 3.4",
    };

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) => ((long)problem.HeadDim + 1) * problem.HeadDim;

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) => EluFeature.Refuses(problem);

    /// <inheritdoc/>
    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        int d = problem.HeadDim;
        Span<float> state = scratch[..(d * d)], featureSum = scratch.Slice(d * d, d);
        state.Clear();
        featureSum.Clear();
        output.Clear();
        int seen = 0;
        for (int query = 0; query < problem.Queries; query++)
        {
            int visible = problem.VisibleKeys(query).End;
            for (; seen < visible; seen++)
                Add(k.Slice(seen * d, d), v.Slice(seen * d, d), state, featureSum);
            if (visible > 0)
                Read(q.Slice(query * d, d), state, featureSum, output.Slice(query * d, d));
        }
    }

    private static void Add(ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> state, Span<float> featureSum)
    {
        for (int i = 0; i < k.Length; i++)
        {
            float feature = EluFeature.Of(k[i]);
            featureSum[i] += feature;
            Span<float> row = state.Slice(i * v.Length, v.Length);
            for (int c = 0; c < v.Length; c++)
                row[c] += feature * v[c];
        }
    }

    private static void Read(ReadOnlySpan<float> q, ReadOnlySpan<float> state, ReadOnlySpan<float> featureSum, Span<float> output)
    {
        float sum = 0;
        for (int i = 0; i < q.Length; i++)
        {
            float feature = EluFeature.Of(q[i]);
            sum += feature * featureSum[i];
            ReadOnlySpan<float> row = state.Slice(i * output.Length, output.Length);
            for (int c = 0; c < output.Length; c++)
                output[c] += feature * row[c];
        }
        for (int c = 0; c < output.Length; c++)
            output[c] /= sum;
    }
}
