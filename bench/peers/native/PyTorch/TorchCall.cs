using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Operators;

namespace Kernels.NativePeers.PyTorch;

/// <summary>A call on tensors in place, whose results are tensors that every call allocates.</summary>
/// <param name="operands">Owned by this object.</param>
/// <param name="results">Names of the results.</param>
internal abstract class TorchCall(TorchOperands operands, params string[] results) : LoadedCall
{
    private TorchTensor[] tensors = [];

    public override bool AllocatesResults => true;

    public override void Forget()
    {
        foreach (TorchTensor each in tensors)
            each.Dispose();
        tensors = [];
    }

    public override void Run() => tensors = Compute();

    public override View Result(string output) => tensors.Length == 0
        ? throw new InvalidOperationException("nothing was computed")
        : ViewOf(tensors[Array.IndexOf(results, output)], output);

    public override void Dispose()
    {
        Forget();
        operands.Dispose();
    }

    /// <summary>The results, in the order of their names.</summary>
    protected abstract TorchTensor[] Compute();

    /// <summary>The numbers of a result.</summary>
    protected abstract View ViewOf(TorchTensor result, string name);
}
