using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.PyTorch;

/// <summary>
/// Gradients. dO and O are [batch, token, head, channel], as the forward pass returns O and as autograd returns dO where heads are
/// joined after attention: the operator would copy dO of any other layout in every call.
/// </summary>
internal sealed unsafe class TorchBackward : TorchCall
{
    private readonly Problem problem;
    private readonly int isCausal;
    private readonly TorchTensor gradO, q, k, v, o, lse;

    /// <exception cref="InvalidOperationException">PyTorch refuses a tensor.</exception>
    public TorchBackward(Attention attention, TorchOperands operands)
        : base(operands, "dq", "dk", "dv")
    {
        problem = attention.Problem;
        isCausal = problem.ShowsAll ? 0 : 1;
        q = operands.HeadMajor(attention.Q, problem.Batch);
        k = operands.HeadMajor(attention.K, problem.Batch);
        v = operands.HeadMajor(attention.V, problem.Batch);
        o = operands.TokenMajor(attention.Operands["o"]);
        gradO = operands.TokenMajor(attention.Operands["do"]);
        lse = operands.Rows(attention.Operands["lse"]);
    }

    protected override TorchTensor[] Compute()
    {
        double scale = problem.Scale;
        nint gradQ, gradK, gradV;
        TorchFunctions.Require(
            TorchFunctions.FlashAttentionBackward(
                gradO.Handle, q.Handle, k.Handle, v.Handle, o.Handle, lse.Handle, 0, isCausal, null, &scale, &gradQ, &gradK, &gradV),
            "flash attention backward");
        return [new(gradQ), new(gradK), new(gradV)];
    }

    protected override View ViewOf(TorchTensor result, string name) =>
        result.View(problem.Batch, problem.Heads, name == "dq" ? problem.Queries : problem.Keys, problem.HeadDim);
}
