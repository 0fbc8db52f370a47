using Kernels.NativePeers.Operators;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.Ggml;

/// <summary>
/// ggml_flash_attn_ext, the attention of llama.cpp. Queries are float32, keys and values are of the format of the problem. A mask is a
/// tensor that is added to the scores, so it can be any.
/// </summary>
internal sealed class GgmlFlash : IOperator
{
    public string? Refusal(Attention attention) =>
        attention.Refusal([Attention.Softmax], Operand.Float32, Operand.BFloat16)
        ?? (attention.Problem.IsMaskKnown ? null : $"has no {attention.Problem.Mask} mask");

    public LoadedCall Load(Attention attention, int threads) => new GgmlCall(attention, threads);
}
