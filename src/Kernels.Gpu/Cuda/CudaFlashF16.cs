using Kernels.Abstractions;

namespace Kernels.Gpu.Cuda;

/// <summary>FlashAttention's forward pass on tensor cores: half inputs, weights rounded to half, products summed in float32.</summary>
public sealed class CudaFlashF16 : CudaKernel
{
    internal CudaFlashF16(CudaRuntime runtime)
        : base(runtime)
    {
    }

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "flash-cuda-f16", "tensor cores: half inputs and float32 sums, tiles copied to shared memory ahead of their use", Operations.Softmax)
    {
        BuildsOn = "flash-cuda-f32",
        Source = "Dao 2023, FlashAttention-2, section 3.1",
        Format = Format.Float16,
        Products = Element.Float16,
    };

    internal override CudaEntry Entry(int headDim) => CudaEntries.FlashF16(headDim);
}
