using Kernels.Abstractions;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// FlashAttention's forward pass in CUDA C with float32 multiply-adds: the same numbers as the kernels of the processor, on a GPU.
/// </summary>
public sealed class CudaFlashF32 : CudaKernel
{
    internal CudaFlashF32(CudaRuntime runtime)
        : base(runtime)
    {
    }

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "flash-cuda-f32", "CUDA C: a block of threads takes a tile of queries, scores stay in registers, float32 throughout", Definition.Softmax)
    {
        BuildsOn = "flash-portable-6x8",
        Source = "Dao 2023, FlashAttention-2, section 3.1",
    };

    internal override CudaEntry Entry(int headDim) => CudaEntries.FlashF32(headDim);

    internal override Int128 WorkspaceBytes(AttentionProblem problem) => 0;

    internal override unsafe void Launch(CudaSession session, AttentionProblem problem)
    {
        CudaEntry entry = Entry(problem.HeadDim);
        CudaTensors tensors = session.Tensors;
        CudaShape shape = CudaShape.Of(problem)!.Value;
        ulong q = tensors.Q.Address, k = tensors.K.Address, v = tensors.V.Address, output = tensors.Output.Address;
        ReadOnlySpan<nint> arguments = [(nint)(&q), (nint)(&k), (nint)(&v), (nint)(&output), (nint)(&shape)];
        session.Launch(entry, (entry.Tiles(problem.Queries), problem.Heads, problem.Batch), arguments);
    }
}
