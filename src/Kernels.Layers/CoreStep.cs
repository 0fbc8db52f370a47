using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>One stage of the attention kernel in a layer.</summary>
/// <param name="inner">The kernel, planned.</param>
/// <param name="stage">Its stage.</param>
/// <param name="q">Queries.</param>
/// <param name="k">Keys.</param>
/// <param name="v">Values.</param>
/// <param name="o">Output.</param>
/// <param name="shared">Memory of all its items.</param>
internal sealed unsafe class CoreStep(InnerKernel inner, int stage, Rows q, Rows k, Rows v, Rows o, Rows shared) : LayerStep
{
    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Attention;

    /// <inheritdoc/>
    public override int Items => inner.Plan.Stages[stage];

    /// <inheritdoc/>
    public override long ThreadBytes => inner.Plan.ThreadBytes;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item) =>
        inner.Compute(
            [At(call, q, AttentionOperation.Q), At(call, k, AttentionOperation.K), At(call, v, AttentionOperation.V), At(call, o, AttentionOperation.O)],
            (byte*)shared.Of(call), call.Own, stage, item);

    // An operand of the layer, such as a cache, may have other strides than those planned.
    private Tensor At(in Call call, Rows rows, int place) =>
        new(rows.Of(call), rows.Place < 0 ? inner.Operands[place] : call[rows.Place].Operand);
}
