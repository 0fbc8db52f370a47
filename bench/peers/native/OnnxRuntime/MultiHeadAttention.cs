using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>
/// com.microsoft.MultiHeadAttention, docs/ContribOperators.md of ONNX Runtime. With keys and values as [batch, token, head·channel] and
/// without a mask it is a flash attention, which transposes all of its inputs first. With keys and values as a cache holds them it
/// transposes queries only, and makes the whole score matrix.
/// </summary>
/// <param name="headMajorKeys">Whether keys and values are [batch, head, token, channel], which requires them to be equally wide.</param>
internal sealed class MultiHeadAttention(bool headMajorKeys) : OnnxOperator
{
    protected override string? Refusal(Problem problem) =>
        problem.KvHeads != problem.Heads ? "has no grouped heads"
        : headMajorKeys && problem.ValueDim != problem.HeadDim ? "takes values as wide as keys"
        : problem.ShowsAll || problem.IsCausalFromFirstKey && problem.Queries == problem.Keys ? OwnScale(problem)
        : problem.Mask == "window" ? "has no window mask"
        : "its causal mask needs as many keys as queries";

    protected override OnnxNode Node(Attention attention)
    {
        Problem p = attention.Problem;
        return new OnnxNode(
            "MultiHeadAttention", ContribDomain, p.Scale, [("num_heads", p.Heads), ("unidirectional", p.ShowsAll ? 0 : 1)],
            [("q", OnnxTensor.TokenMajor(attention.Q, p.Queries)), ("k", Keys(attention.K)), ("v", Keys(attention.V))],
            [("o", OnnxTensor.Floats(p.Batch, p.Queries, p.Heads * p.ValueDim))]);
    }

    private OnnxTensor Keys(Operand operand) =>
        headMajorKeys ? OnnxTensor.HeadMajor(operand) : OnnxTensor.TokenMajor(operand, operand.Shape[2]);
}
