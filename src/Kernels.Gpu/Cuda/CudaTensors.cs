using Kernels.Abstractions;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>The tensors of one call on the device. Shared by all kernels of a session.</summary>
internal sealed unsafe class CudaTensors(CudaSession session)
{
    // [batch, heads, queries, headDim] and [batch, heads, queries], float32.
    private readonly CudaMemory output = session.Memory(), lse = session.Memory();

    /// <summary>[batch, heads, queries, headDim], in the format of the kernel's inputs.</summary>
    public CudaMemory Q { get; } = session.Memory();

    /// <summary>[batch, kvHeads, keys, headDim], in the format of the kernel's inputs.</summary>
    public CudaMemory K { get; } = session.Memory();

    /// <summary>[batch, kvHeads, keys, headDim], in the format of the kernel's inputs.</summary>
    public CudaMemory V { get; } = session.Memory();

    /// <summary>Where the outputs are, and the log-sum-exps where the operation of the call has them.</summary>
    public CudaTargets Targets { get; private set; }

    /// <summary>
    /// Enqueues copies of the inputs and of what is accumulated, which must stay pinned until <see cref="Download"/> returns.
    /// </summary>
    public void Upload(in AttentionCall call)
    {
        Upload(Q, call.Q);
        Upload(K, call.K);
        Upload(V, call.V);
        UploadTargets(call);
    }

    /// <summary>The part of <see cref="Upload(in AttentionCall)"/> that the entries write to: nothing is copied that is only written.</summary>
    public void UploadTargets(in AttentionCall call)
    {
        Upload(output, call.O);
        bool hasLse = call.Operands > AttentionOperation.Lse;
        if (hasLse)
            Upload(lse, call.Lse);
        Targets = new(output.Address, hasLse ? lse.Address : 0, call.O.Operand.Role == Role.Accumulated ? 1 : 0);
    }

    /// <summary>Waits for the stream and copies what was written.</summary>
    public void Download(ICudaHost host, in AttentionCall call)
    {
        host.Download(call.O.Start, output.Buffer, call.O.Operand.Bytes);
        if (Targets.Lse != 0)
            host.Download(call.Lse.Start, lse.Buffer, call.Lse.Operand.Bytes);
        host.Synchronize();
    }

    private static void Upload(CudaMemory target, in Tensor tensor)
    {
        if (tensor.Operand.Role == Role.Output)
            target.Reserve(tensor.Operand.Bytes);
        else
            target.Upload(tensor.Start, tensor.Operand.Bytes);
    }
}
