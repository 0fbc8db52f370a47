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
        "flash-cuda-f32", "CUDA C: a block of threads takes a tile of queries, scores stay in registers, float32 throughout", Operations.Softmax)
    {
        BuildsOn = "flash-portable-6x8",
        Source = "Dao 2023, FlashAttention-2, section 3.1",
    };

    internal override CudaEntry Entry(int headDim) => CudaEntries.FlashF32(headDim);
}
