using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>Attention of the ONNX standard, opset 23, with all tensors as [batch, head, token, channel].</summary>
internal sealed unsafe class StandardAttention : OnnxOperator
{
    protected override string? Refusal(Problem problem) =>
        problem.ShowsAll || problem.IsCausalFromFirstKey ? problem.Scale > 0 ? null : "takes positive scales only"
        : problem.Mask == "window" ? "has no window mask"
        : "its causal mask is aligned to the first key";

    protected override OnnxNode Node(Attention attention)
    {
        Problem p = attention.Problem;
        return new OnnxNode(
            "Attention", "", p.Scale, [("is_causal", p.ShowsAll ? 0 : 1)],
            [("q", OnnxTensor.HeadMajor(attention.Q)), ("k", OnnxTensor.HeadMajor(attention.K)), ("v", OnnxTensor.HeadMajor(attention.V))],
            [("o", OnnxTensor.Floats(p.Batch, p.Heads, p.Queries, p.ValueDim))]);
    }

    protected override View Output(Problem p, void* start) =>
        View.HeadMajor(start, sizeof(float), p.Batch, p.Heads, p.Queries, p.ValueDim);
}
