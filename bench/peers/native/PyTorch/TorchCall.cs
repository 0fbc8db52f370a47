using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Operators;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.PyTorch;

/// <summary>
/// A call on tensors in place. Grouped heads are strides alone: each kv head is an entry of the batch, whose query heads all read its keys,
/// because the stride from one of them to the next is 0. The results are tensors that every call allocates.
/// </summary>
internal sealed unsafe class TorchCall : LoadedCall
{
    private readonly Problem problem;
    private readonly int batch, heads, isCausal;
    private readonly List<IDisposable> owned = [];
    private readonly TorchTensor q, k, v;
    private TorchTensor? output, logSumExp;

    /// <exception cref="InvalidOperationException">PyTorch refuses a tensor.</exception>
    public TorchCall(Attention attention)
    {
        problem = attention.Problem;
        isCausal = problem.ShowsAll ? 0 : 1;
        bool isGrouped = problem.Heads != problem.KvHeads;
        batch = isGrouped ? problem.Batch * problem.KvHeads : problem.Batch;
        heads = isGrouped ? problem.Heads / problem.KvHeads : problem.Heads;
        try
        {
            q = Tensor(attention.Q, isShared: false);
            k = Tensor(attention.K, isGrouped);
            v = Tensor(attention.V, isGrouped);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override bool AllocatesResults => true;

    public override void Forget()
    {
        output?.Dispose();
        logSumExp?.Dispose();
        output = logSumExp = null;
    }

    public override void Run()
    {
        double scale = problem.Scale;
        nint first, second;
        TorchFunctions.Require(
            TorchFunctions.FlashAttention(q.Handle, k.Handle, v.Handle, 0, isCausal, null, &scale, &first, &second), "flash attention");
        (output, logSumExp) = (new TorchTensor(first), new TorchTensor(second));
    }

    public override View Result(string name)
    {
        if (output is null || logSumExp is null)
            throw new InvalidOperationException("nothing was computed");
        return name == "lse"
            ? logSumExp.View(batch, heads, problem.Queries, 1)
            : output.View(batch, heads, problem.Queries, problem.ValueDim);
    }

    public override void Dispose()
    {
        Forget();
        // Tensors before the memory that they are on.
        foreach (IDisposable each in Enumerable.Reverse(owned))
            each.Dispose();
        owned.Clear();
    }

    /// <param name="operand">To be read.</param>
    /// <param name="isShared">Whether all heads of an entry of the batch are one.</param>
    private TorchTensor Tensor(Operand operand, bool isShared)
    {
        NativeBuffer buffer = operand.Read();
        owned.Add(buffer);
        View view = View.HeadMajor(buffer.Start, sizeof(float), batch, isShared ? 1 : heads, operand.Shape[2], operand.Shape[3]);
        TorchTensor tensor = TorchTensor.On(isShared ? view with { Heads = heads, Strides = view.Strides with { Head = 0 } } : view);
        owned.Add(tensor);
        return tensor;
    }
}
