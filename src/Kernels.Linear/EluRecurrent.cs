using System.Runtime.InteropServices;
using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>
/// Linear attention as a recurrent network: each key adds φ(k)vᵀ to a state of headDim × headDim numbers, each query multiplies the state
/// by φ(q). Time linear in the sequence and scratch independent of it, but every key reads and writes the whole state. The sums are
/// float64: one float32 number that takes a whole sequence term by term rounds worse than the quadratic form does.
/// </summary>
public sealed class EluRecurrent : HeadKernel
{
    private const int FloatsPerSum = sizeof(double) / sizeof(float);

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-elu-recurrent", "a state φ(K)ᵀV that grows key by key, scalar, summed in float64", Definition.LinearElu)
    {
        Source = "Katharopoulos et al. 2020, Transformers are RNNs, section 3.4",
    };

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) => FloatsPerSum * ((long)problem.HeadDim + 2) * problem.HeadDim;

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) => EluFeature.Refuses(problem);

    /// <inheritdoc/>
    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        int d = problem.HeadDim;
        Span<double> sums = MemoryMarshal.Cast<float, double>(scratch);
        Span<double> state = sums[..(d * d)], featureSum = sums.Slice(d * d, d), row = sums.Slice(d * d + d, d);
        state.Clear();
        featureSum.Clear();
        int seen = 0;
        for (int query = 0; query < problem.Queries; query++)
        {
            int visible = problem.VisibleKeys(query).End;
            for (; seen < visible; seen++)
                Add(k.Slice(seen * d, d), v.Slice(seen * d, d), state, featureSum);
            if (visible > 0)
                Read(q.Slice(query * d, d), state, featureSum, row, output.Slice(query * d, d));
            else
                output.Slice(query * d, d).Clear();
        }
    }

    private static void Add(ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<double> state, Span<double> featureSum)
    {
        for (int i = 0; i < k.Length; i++)
        {
            double feature = EluFeature.Of(k[i]);
            featureSum[i] += feature;
            Span<double> stateRow = state.Slice(i * v.Length, v.Length);
            for (int c = 0; c < v.Length; c++)
                stateRow[c] += feature * v[c];
        }
    }

    private static void Read(
        ReadOnlySpan<float> q, ReadOnlySpan<double> state, ReadOnlySpan<double> featureSum, Span<double> row, Span<float> output)
    {
        double sum = 0;
        row.Clear();
        for (int i = 0; i < q.Length; i++)
        {
            double feature = EluFeature.Of(q[i]);
            sum += feature * featureSum[i];
            ReadOnlySpan<double> stateRow = state.Slice(i * row.Length, row.Length);
            for (int c = 0; c < row.Length; c++)
                row[c] += feature * stateRow[c];
        }
        for (int c = 0; c < row.Length; c++)
            output[c] = (float)(row[c] / sum);
    }
}
