using System.Runtime.InteropServices;
using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>
/// Linear attention with φ(x) = elu(x) + 1: each key adds φ(k)vᵀ to a state of headDim × headDim numbers and φ(k) to a sum. The sums are
/// float64: a float32 sum over a whole sequence, term by term, has a larger error than the quadratic form.
/// </summary>
public sealed class EluRecurrent : RecurrentKernel
{
    private const int FloatsPerSum = sizeof(double) / sizeof(float);

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-elu-recurrent", "a state φ(K)ᵀV that grows key by key, scalar, summed in float64", Operations.LinearElu)
    {
        Source = "Katharopoulos et al. 2020, Transformers are RNNs, section 3.4",
    };

    /// <inheritdoc/>
    public override int StateLength(AttentionProblem problem) => FloatsPerSum * (problem.HeadDim + 1) * problem.HeadDim;

    /// <inheritdoc/>
    protected internal override int RowLength(AttentionProblem problem) => FloatsPerSum * problem.HeadDim;

    /// <inheritdoc/>
    protected internal override void Add(
        AttentionProblem problem, int kvHead, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> state, Span<float> row)
    {
        Span<double> sums = MemoryMarshal.Cast<float, double>(state), featureSum = sums[(k.Length * v.Length)..];
        for (int i = 0; i < k.Length; i++)
        {
            double feature = EluFeature.Of(k[i]);
            featureSum[i] += feature;
            Span<double> stateRow = sums.Slice(i * v.Length, v.Length);
            for (int c = 0; c < v.Length; c++)
                stateRow[c] += feature * v[c];
        }
    }

    /// <inheritdoc/>
    protected internal override void Read(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> state, Span<float> output, Span<float> row)
    {
        ReadOnlySpan<double> sums = MemoryMarshal.Cast<float, double>(state), featureSum = sums[(q.Length * q.Length)..];
        Span<double> outputRow = MemoryMarshal.Cast<float, double>(row);
        double sum = 0;
        outputRow.Clear();
        for (int i = 0; i < q.Length; i++)
        {
            double feature = EluFeature.Of(q[i]);
            sum += feature * featureSum[i];
            ReadOnlySpan<double> stateRow = sums.Slice(i * outputRow.Length, outputRow.Length);
            for (int c = 0; c < outputRow.Length; c++)
                outputRow[c] += feature * stateRow[c];
        }
        for (int c = 0; c < outputRow.Length; c++)
            output[c] = (float)(outputRow[c] / sum);
    }
}
