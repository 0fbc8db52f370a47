using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>Retention in its recurrent form, as in decoding: S ← γ·S + k·vᵀ for each key, row by row of the state.</summary>
/// <param name="operation">The operation, with its decay.</param>
public sealed class RetentionRecurrent(RetentionAttention operation) : RecurrentKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        $"linear-{operation.Name}-recurrent", "a state KᵀV that decays by a constant factor with every key", operation)
    {
        BuildsOn = "linear-elu-recurrent",
        Source = "Sun et al. 2023, Retentive Network, equation 6",
    };

    /// <inheritdoc/>
    public override int StateLength(AttentionProblem problem) => problem.HeadDim * problem.HeadDim;

    /// <inheritdoc/>
    protected internal override int RowLength(AttentionProblem problem) => problem.HeadDim;

    /// <inheritdoc/>
    protected internal override void Add(
        AttentionProblem problem, int kvHead, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> state, Span<float> row)
    {
        float decay = (float)operation.Decay(kvHead);
        for (int i = 0; i < k.Length; i++)
        {
            Span<float> stateRow = state.Slice(i * v.Length, v.Length);
            TensorPrimitives.Multiply(v, k[i], row);
            TensorPrimitives.MultiplyAdd(stateRow, decay, row, stateRow);
        }
    }

    /// <inheritdoc/>
    protected internal override void Read(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> state, Span<float> output, Span<float> row) =>
        StateProduct.Read(q, problem.Scale, state, output, row);
}
