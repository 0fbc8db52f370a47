using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.PyTorch;

/// <summary>
/// Output and log-sum-exps. Grouped heads are strides alone: each kv head is an entry of the batch, whose query heads all read its keys,
/// because the stride from one of them to the next is 0.
/// </summary>
internal sealed unsafe class TorchForward : TorchCall
{
    private readonly Problem problem;
    private readonly int batch, heads, isCausal;
    private readonly TorchTensor q, k, v;

    /// <exception cref="InvalidOperationException">PyTorch refuses a tensor.</exception>
    public TorchForward(Attention attention, TorchOperands operands)
        : base(operands, "o", "lse")
    {
        problem = attention.Problem;
        isCausal = problem.ShowsAll ? 0 : 1;
        bool isGrouped = problem.Heads != problem.KvHeads;
        batch = isGrouped ? problem.Batch * problem.KvHeads : problem.Batch;
        heads = isGrouped ? problem.Heads / problem.KvHeads : problem.Heads;
        q = operands.HeadMajor(attention.Q, batch);
        k = isGrouped ? operands.Shared(attention.K, heads) : operands.HeadMajor(attention.K, batch);
        v = isGrouped ? operands.Shared(attention.V, heads) : operands.HeadMajor(attention.V, batch);
    }

    protected override TorchTensor[] Compute()
    {
        double scale = problem.Scale;
        nint output, logSumExp;
        TorchFunctions.Require(
            TorchFunctions.FlashAttention(q.Handle, k.Handle, v.Handle, 0, isCausal, null, &scale, &output, &logSumExp), "flash attention");
        return [new(output), new(logSumExp)];
    }

    protected override View ViewOf(TorchTensor result, string name) =>
        result.View(batch, heads, problem.Queries, name == "lse" ? 1 : problem.ValueDim);
}
