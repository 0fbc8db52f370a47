using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>The delta rule as it is decoded: each key reads what is stored under it and replaces it, S ← S + k̂(v − k̂ᵀS)ᵀ.</summary>
public sealed class DeltaRecurrent : RecurrentKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-delta-recurrent", "a key replaces what the state holds under it instead of adding to it", Definition.Delta)
    {
        BuildsOn = "linear-elu-recurrent",
        Source = "Schlag et al. 2021, Linear Transformers Are Secretly Fast Weight Programmers, equation 24",
    };

    /// <inheritdoc/>
    public override int StateLength(AttentionProblem problem) => problem.HeadDim * problem.HeadDim;

    /// <inheritdoc/>
    protected internal override int RowLength(AttentionProblem problem) => problem.HeadDim;

    /// <inheritdoc/>
    protected internal override void Add(
        AttentionProblem problem, int kvHead, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> state, Span<float> row)
    {
        float unit = UnitLength.Factor(k);
        Multiply(k, unit, state, row);
        TensorPrimitives.Subtract(v, row, row);
        for (int i = 0; i < k.Length; i++)
        {
            Span<float> stateRow = state.Slice(i * v.Length, v.Length);
            TensorPrimitives.MultiplyAdd(row, k[i] * unit, stateRow, stateRow);
        }
    }

    /// <inheritdoc/>
    protected internal override void Read(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> state, Span<float> output, Span<float> row) =>
        Multiply(q, UnitLength.Factor(q), state, output);

    /// <summary>product = factor·xᵀ·state.</summary>
    private static void Multiply(ReadOnlySpan<float> x, float factor, ReadOnlySpan<float> state, Span<float> product)
    {
        product.Clear();
        for (int i = 0; i < x.Length; i++)
            TensorPrimitives.MultiplyAdd(state.Slice(i * product.Length, product.Length), x[i] * factor, product, product);
    }
}
