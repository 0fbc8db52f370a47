using Kernels.NativePeers.PyTorch;

namespace Kernels.NativePeers.Loops;

/// <summary>Flash attention of PyTorch, or its gradients, on tensors that PyTorch allocates.</summary>
internal sealed unsafe class TorchLoop : ILoop
{
    private readonly bool backward;
    private readonly double scale;
    private readonly TorchTensor q, k, v, o, lse;

    public TorchLoop(bool backward, LoopShape shape, int threads)
    {
        this.backward = backward;
        scale = shape.Scale;
        TorchFunctions.SetNumThreads(threads);
        (q, k, v) = (New(shape), New(shape), New(shape));
        (o, lse) = Forward();
    }

    public void Call()
    {
        if (backward)
        {
            Backward();
            return;
        }
        (TorchTensor output, TorchTensor logSumExp) = Forward();
        output.Dispose();
        logSumExp.Dispose();
    }

    public void Dispose()
    {
        foreach (TorchTensor each in new[] { q, k, v, o, lse })
            each.Dispose();
    }

    private (TorchTensor O, TorchTensor Lse) Forward()
    {
        double given = scale;
        nint output, logSumExp;
        TorchFunctions.Require(
            TorchFunctions.FlashAttention(q.Handle, k.Handle, v.Handle, 0, 0, null, &given, &output, &logSumExp), "flash attention");
        return (new(output), new(logSumExp));
    }

    // The gradient of o is o: of the layout that autograd gives it, and as good numbers as any.
    private void Backward()
    {
        double given = scale;
        nint gradQ, gradK, gradV;
        TorchFunctions.Require(
            TorchFunctions.FlashAttentionBackward(
                o.Handle, q.Handle, k.Handle, v.Handle, o.Handle, lse.Handle, 0, 0, null, &given, &gradQ, &gradK, &gradV),
            "flash attention backward");
        foreach (nint gradient in new[] { gradQ, gradK, gradV })
            new TorchTensor(gradient).Dispose();
    }

    private static TorchTensor New(LoopShape shape)
    {
        long* sizes = stackalloc long[] { 1, shape.Heads, shape.Tokens, shape.Channels };
        long* strides = stackalloc long[] { shape.Count, (long)shape.Tokens * shape.Channels, shape.Channels, 1 };
        nint handle;
        TorchFunctions.Require(
            TorchFunctions.EmptyStrided(4, sizes, strides, TorchFunctions.Float32, TorchFunctions.Cpu, 0, &handle), "empty_strided");
        void* data;
        TorchFunctions.Require(TorchFunctions.GetDataPointer(handle, &data), "get_data_ptr");
        LoopShape.Fill(data, shape.Count);
        return new TorchTensor(handle);
    }
}
