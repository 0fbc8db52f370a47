using Kernels.Abstractions;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>The tensors of one call on the device. Shared by all kernels of a session.</summary>
internal sealed unsafe class CudaTensors(CudaSession session)
{
    /// <summary>[batch, heads, queries, headDim], in the format of the kernel's inputs.</summary>
    public CudaMemory Q { get; } = session.Memory();

    /// <summary>[batch, kvHeads, keys, headDim], in the format of the kernel's inputs.</summary>
    public CudaMemory K { get; } = session.Memory();

    /// <summary>[batch, kvHeads, keys, headDim], in the format of the kernel's inputs.</summary>
    public CudaMemory V { get; } = session.Memory();

    /// <summary>[batch, heads, queries, headDim], float32.</summary>
    public CudaMemory Output { get; } = session.Memory();

    /// <summary>Enqueues copies of the inputs, which must stay pinned until <see cref="Download"/> returns.</summary>
    public void Upload(in AttentionCall call)
    {
        Upload(Q, call.Q);
        Upload(K, call.K);
        Upload(V, call.V);
        Output.Reserve(call.O.Operand.Bytes);
    }

    /// <summary>Waits for the stream and copies the output.</summary>
    public void Download(ICudaHost host, in AttentionCall call)
    {
        host.Download(call.O.Start, Output.Buffer, call.O.Operand.Bytes);
        host.Synchronize();
    }

    private static void Upload(CudaMemory target, in Tensor tensor) => target.Upload(tensor.Start, tensor.Operand.Bytes);
}
