using Kernels.Abstractions;
using Kernels.Flash.Cuda;
using Kernels.Flash.Decode;

namespace Kernels.Flash;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class FlashKernels
{
    /// <summary>All of them, those of CUDA on the driver's first device.</summary>
    public static IReadOnlyList<AttentionKernel> All { get; } = On(null);

    /// <summary>All of them, those of CUDA on the device that is wanted; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<AttentionKernel> On(DeviceWish? wish)
    {
        CudaRuntime cuda = CudaRuntime.On(wish);
        return
        [
            new FlashPortable(),
            new FlashAvx2(),
            new FlashAvx512(),
            new FlashAvx512Interleaved(),
            new FlashDecodePortable(),
            new FlashDecodeAvx2(),
            new FlashDecodeAvx512(),
            new CudaFlashF32(cuda),
            new CudaFlashF16(cuda),
            new CudaDecode(cuda),
        ];
    }
}
