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
        inner.Compute([(nint)q.Of(call), (nint)k.Of(call), (nint)v.Of(call), (nint)o.Of(call)], (byte*)shared.Of(call), call.Own, stage, item);
}
