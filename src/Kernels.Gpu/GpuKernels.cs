using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Gpu.Ilgpu;
using Kernels.Gpu.OpenCL;

namespace Kernels.Gpu;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class GpuKernels
{
    /// <summary>All of them, each on the best device that it finds.</summary>
    public static IReadOnlyList<Kernel> All { get; } = On(null);

    /// <summary>All of them on the requested device; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> On(DeviceWish? wish)
    {
        CudaRuntime cuda = CudaRuntime.On(wish);
        OpenClRuntime openCl = OpenClRuntime.On(wish);
        IlgpuRuntime ilgpu = IlgpuRuntime.On(wish);
        return
        [
            .. CudaKernels.On(cuda),
            new OpenClTiled(openCl),
            new OpenClFlash(openCl),
            new IlgpuTiled(ilgpu),
            new IlgpuFlash(ilgpu),
        ];
    }
}
