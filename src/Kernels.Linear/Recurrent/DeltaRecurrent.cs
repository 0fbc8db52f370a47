using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>
/// The delta rule in its recurrent form, as in decoding: each key replaces the value stored under it, S ← S + k̂(v − k̂ᵀS)ᵀ.
/// </summary>
public sealed class DeltaRecurrent : RecurrentKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-delta-recurrent", "a key replaces the value that the state stores under it instead of adding to it", Operations.Delta)
    {
        BuildsOn = "linear-elu-recurrent",
        Source = "Schlag et al. 2021, Linear Transformers Are Secretly Fast Weight Programmers, equation 24",
    };

    /// <inheritdoc/>
    public override int StateLength(AttentionProblem problem) => problem.HeadDim * problem.HeadDim;

    /// <inheritdoc/>
    protected internal override int RowLength(AttentionProblem problem) => 2 * problem.HeadDim;

    /// <inheritdoc/>
    protected internal override void Add(
        AttentionProblem problem, int kvHead, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> state, Span<float> row)
    {
        float unit = UnitLength.Factor(k);
        Span<float> stored = row[..v.Length];
        StateProduct.Read(k, unit, state, stored, row[v.Length..]);
        TensorPrimitives.Subtract(v, stored, stored);
        for (int i = 0; i < k.Length; i++)
        {
            Span<float> stateRow = state.Slice(i * v.Length, v.Length);
            TensorPrimitives.MultiplyAdd(stored, k[i] * unit, stateRow, stateRow);
        }
    }

    /// <inheritdoc/>
    protected internal override void Read(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> state, Span<float> output, Span<float> row) =>
        StateProduct.Read(q, UnitLength.Factor(q), state, output, row[..output.Length]);
}
