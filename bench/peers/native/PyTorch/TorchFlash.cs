using Kernels.NativePeers.Operators;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.PyTorch;

/// <summary>
/// aten::_scaled_dot_product_flash_attention_for_cpu, the kernel that scaled_dot_product_attention chooses for tensors on the processor,
/// without the choice. Its log-sum-exp is that of the operation <c>softmax-lse</c>.
/// </summary>
internal sealed class TorchFlash : IOperator
{
    public string? Refusal(Attention attention)
    {
        Problem problem = attention.Problem;
        return attention.Refusal([Attention.Softmax, Attention.SoftmaxLse], Operand.Float32)
            ?? (problem.ValueDim != problem.HeadDim ? "takes values as wide as keys"
                : problem.ShowsAll || problem.IsCausalFromFirstKey ? null
                : problem.Mask == "causal" ? "its causal mask is aligned to the first key"
                : $"has no {problem.Mask} mask");
    }

    public LoadedCall Load(Attention attention, int threads)
    {
        TorchFunctions.SetNumThreads(threads);
        return new TorchCall(attention);
    }
}
