using Kernels.Abstractions;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// FlashAttention's forward pass by one entry with a block for each tile of queries: in float32 by multiply-adds, or on tensor cores with
/// inputs of 16 bits and float32 sums.
/// </summary>
public sealed class CudaFlash : CudaKernel
{
    private readonly Func<int, CudaEntry> entry;

    internal CudaFlash(CudaRuntime runtime, KernelInfo info, Func<int, CudaEntry> entry, Version? only = null)
        : base(runtime, info, only) => this.entry = entry;

    internal override CudaEntry Entry(int headDim) => entry(headDim);

    internal override unsafe void Launch(CudaSession session, AttentionProblem problem)
    {
        CudaEntry flash = Entry(problem.HeadDim);
        CudaTensors tensors = session.Tensors;
        CudaShape shape = CudaShape.Of(problem)!.Value;
        ulong q = tensors.Q.Address, k = tensors.K.Address, v = tensors.V.Address;
        CudaTargets targets = tensors.Targets;
        ReadOnlySpan<nint> arguments = [(nint)(&q), (nint)(&k), (nint)(&v), (nint)(&targets), (nint)(&shape)];
        session.Launch(flash, (flash.Tiles(problem.Queries), problem.Heads, problem.Batch), arguments);
    }
}
