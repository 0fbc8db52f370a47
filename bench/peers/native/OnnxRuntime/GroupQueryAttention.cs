using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>
/// com.microsoft.GroupQueryAttention, docs/ContribOperators.md of ONNX Runtime. The last keys and values are inputs, those before them lie
/// in a cache. Past and present are one buffer, as in a model that generates text: the operator writes the new ones into it and copies no
/// others.
/// </summary>
internal sealed class GroupQueryAttention : OnnxOperator
{
    private const int Vector = 8;

    protected override string? Refusal(Problem problem) =>
        problem.Queries > problem.Keys ? "needs at least as many keys as queries"
        : problem.HeadDim % Vector != 0 ? $"needs a head dimension that is a multiple of {Vector}"
        : problem.ValueDim != problem.HeadDim ? "takes values as wide as keys"
        : problem.Batch > 1 && problem.Queries > 1 && problem.Queries < problem.Keys
            ? "takes several new tokens beside cached ones in a batch of 1 only"
        : problem.IsCausalToLastKey ? OwnScale(problem)
        : $"is always causal, aligned to the last key, so it has no {problem.Mask} mask";

    protected override OnnxNode Node(Attention attention)
    {
        Problem p = attention.Problem;
        OnnxTensor keys = OnnxTensor.HeadMajor(attention.K), values = OnnxTensor.HeadMajor(attention.V);
        return new OnnxNode(
            "GroupQueryAttention", ContribDomain, p.Scale, [("num_heads", p.Heads), ("kv_num_heads", p.KvHeads)],
            [
                ("q", OnnxTensor.TokenMajor(attention.Q, p.Queries)),
                ("k", OnnxTensor.TokenMajor(attention.K, p.Queries)),
                ("v", OnnxTensor.TokenMajor(attention.V, p.Queries)),
                ("past_k", keys),
                ("past_v", values),
                ("last_key", OnnxTensor.Ints(p.Keys - 1, p.Batch)),
                ("all_keys", OnnxTensor.Ints(p.Keys, 1)),
            ],
            [("o", OnnxTensor.Floats(p.Batch, p.Queries, p.Heads * p.HeadDim)), ("present_k", keys), ("present_v", values)]);
    }
}
