using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Simd;

/// <summary>
/// One query at a time, each step one call of the vectorised library over a row. TensorPrimitives.SoftMax is not used, because it does not
/// subtract the maximum and overflows at scores above 88.
/// </summary>
public sealed class TensorPrimitivesRow : HeadKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "simd-tensor-primitives", "each step of a row is one vectorised library call", Operations.Softmax)
    {
        BuildsOn = "naive-triple-loop",
        Source = "System.Numerics.Tensors, TensorPrimitives",
    };

    /// <inheritdoc/>
    protected override long ScratchLength(AttentionProblem problem) => problem.Keys;

    /// <inheritdoc/>
    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        int d = problem.HeadDim;
        output.Clear();
        for (int query = 0; query < problem.Queries; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            if (visible.IsEmpty)
                continue;
            ReadOnlySpan<float> qRow = q.Slice(query * d, d);
            Span<float> outputRow = output.Slice(query * d, d);
            Span<float> weights = scratch[..visible.Length];
            for (int i = 0; i < weights.Length; i++)
                weights[i] = problem.Scale * TensorPrimitives.Dot(qRow, k.Slice((visible.Begin + i) * d, d));
            TensorPrimitives.Subtract(weights, TensorPrimitives.Max(weights), weights);
            TensorPrimitives.Exp(weights, weights);
            for (int i = 0; i < weights.Length; i++)
                TensorPrimitives.MultiplyAdd(v.Slice((visible.Begin + i) * d, d), weights[i], outputRow, outputRow);
            TensorPrimitives.Divide(outputRow, TensorPrimitives.Sum(weights), outputRow);
        }
    }
}
