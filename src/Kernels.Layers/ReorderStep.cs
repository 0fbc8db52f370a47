using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>Copies rows from one layout to another, for an attention kernel that reads no strides. An item is a token of a sequence.</summary>
/// <param name="source">The rows.</param>
/// <param name="planned">Their layout; that of the call where they are an operand.</param>
/// <param name="target">Where they go.</param>
/// <param name="to">Of the same shape.</param>
internal sealed unsafe class ReorderStep(Rows source, Layout planned, Rows target, Layout to) : LayerStep
{
    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Attention;

    /// <inheritdoc/>
    public override int Items => planned.Batch * planned.Tokens;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        Layout from = source.Place < 0 ? planned : call[source.Place].Layout;
        (int batch, int token) = Math.DivRem(item, from.Tokens);
        float* read = source.Of(call), write = target.Of(call);
        for (int head = 0; head < from.Heads; head++)
            new ReadOnlySpan<float>(read + from.Offset(batch, head, token), from.Channels)
                .CopyTo(new Span<float>(write + to.Offset(batch, head, token), to.Channels));
    }
}
