using Kernels.NativePeers.Operators;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.PyTorch;

/// <summary>
/// aten::_scaled_dot_product_flash_attention_for_cpu, the kernel that scaled_dot_product_attention chooses for tensors on the processor,
/// without the choice. Its log-sum-exp is that of the operation <c>softmax-lse</c>; its backward pass is <c>softmax-backward</c>.
/// </summary>
internal sealed class TorchFlash : IOperator
{
    public string? Refusal(Attention attention)
    {
        Problem problem = attention.Problem;
        bool isBackward = attention.Operation == Attention.SoftmaxBackward;
        return attention.Refusal([Attention.Softmax, Attention.SoftmaxLse, Attention.SoftmaxBackward], Operand.Float32)
            ?? (problem.ValueDim != problem.HeadDim ? "takes values as wide as keys"
                : isBackward && problem.Heads != problem.KvHeads ? "does not sum gradients over heads that share keys"
                : problem.ShowsAll ? null
                // Hidden scores are −∞ before they are scaled.
                : !isBackward && problem.Scale <= 0 ? "takes positive scales under a causal mask"
                : problem.IsCausalFromFirstKey ? null
                : problem.Mask == "causal" ? "its causal mask is aligned to the first key"
                : $"has no {problem.Mask} mask");
    }

    public LoadedCall Load(Attention attention, int threads)
    {
        TorchFunctions.SetNumThreads(threads);
        var operands = new TorchOperands();
        try
        {
            return attention.Operation == Attention.SoftmaxBackward
                ? new TorchBackward(attention, operands)
                : new TorchForward(attention, operands);
        }
        catch
        {
            operands.Dispose();
            throw;
        }
    }
}
