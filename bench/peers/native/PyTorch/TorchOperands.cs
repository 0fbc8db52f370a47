using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.PyTorch;

/// <summary>Tensors on memory of this program, with that memory.</summary>
internal sealed unsafe class TorchOperands : IDisposable
{
    private readonly Stack<IDisposable> owned = [];

    /// <summary>A tensor [batch, head, token, channel] without gaps.</summary>
    /// <param name="operand">To be read.</param>
    /// <param name="batch">Entries of the batch; heads may be some of them.</param>
    /// <exception cref="InvalidOperationException">PyTorch refuses it.</exception>
    public TorchTensor HeadMajor(Operand operand, int batch)
    {
        View view = Read(operand);
        int heads = view.Batch * view.Heads / batch;
        return On(View.HeadMajor((void*)view.Start, sizeof(float), batch, heads, view.Tokens, view.Channels));
    }

    /// <summary>The same with one head an entry of the batch, which is all <paramref name="heads"/> of it: their stride is 0.</summary>
    /// <inheritdoc cref="HeadMajor" path="/exception"/>
    public TorchTensor Shared(Operand operand, int heads)
    {
        View view = Read(operand);
        View single = View.HeadMajor((void*)view.Start, sizeof(float), view.Batch * view.Heads, 1, view.Tokens, view.Channels);
        return On(single with { Heads = heads, Strides = single.Strides with { Head = 0 } });
    }

    /// <summary>The same tensor in memory [batch, token, head, channel].</summary>
    /// <inheritdoc cref="HeadMajor" path="/exception"/>
    public TorchTensor TokenMajor(Operand operand)
    {
        using NativeBuffer file = operand.Read();
        View source = operand.View(file.Start);
        NativeBuffer buffer = Own(new NativeBuffer(operand.Bytes));
        View view = View.TokenMajor(buffer.Start, sizeof(float), source.Batch, source.Heads, source.Tokens, source.Channels);
        source.CopyTo(view);
        return On(view);
    }

    /// <summary>A tensor [batch, head, token] of numbers of rows.</summary>
    /// <inheritdoc cref="HeadMajor" path="/exception"/>
    public TorchTensor Rows(Operand operand) => On(Read(operand), dimensions: 3);

    /// <summary>Tensors before the memory that they are on.</summary>
    public void Dispose()
    {
        while (owned.TryPop(out IDisposable? each))
            each.Dispose();
    }

    private View Read(Operand operand) => operand.View(Own(operand.Read()).Start);

    private TorchTensor On(View view, int dimensions = 4) => Own(TorchTensor.On(view, dimensions));

    private T Own<T>(T each)
        where T : IDisposable
    {
        owned.Push(each);
        return each;
    }
}
