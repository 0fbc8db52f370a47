using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Kernels.Abstractions;
using Kernels.Gpu.OpenCL;

namespace Kernels.Gpu.Ilgpu;

/// <summary>The devices of this machine that ILGPU compiles for, and its emulator.</summary>
internal static class IlgpuDevices
{
    // ILGPU's predefined emulators have 16 threads in a group, or 1024, each a thread of this process. One warp is enough to test barriers,
    // and more threads make them slower.
    private const int EmulatedWarp = 32, EmulatedWarps = 1;

    // Static shared memory of a group on NVIDIA devices; the emulator has no limit.
    private const long EmulatedSharedBytes = 48 << 10;

    /// <summary>
    /// ILGPU with every device that it supports; it does not support OpenCL devices without generic address space, such as PoCL 3.
    /// </summary>
    public static Context CreateContext()
    {
        PoclSignals.LeaveToRuntime();
        return Context.Create(builder => builder
            .Cuda().OpenCL().CPU(new CPUDevice(EmulatedWarp, EmulatedWarps, numMultiprocessors: 1))
            .EnableAlgorithms().Profiling());
    }

    /// <summary>The devices of a context.</summary>
    public static IEnumerable<(Device Device, IlgpuDevice About)> Of(Context context) => context.Devices.Select(device => (device, About(device)));

    private static IlgpuDevice About(Device device) => device switch
    {
        CPUDevice => new(
            device.Name, IlgpuDevice.Emulator, DeviceKind.Cpu, IsEmulated: true,
            device.MaxNumThreadsPerGroup, EmulatedSharedBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
        CLDevice openCl => Real(openCl, DeviceWish.OpenCl, Kind(openCl.DeviceType)),
        _ => Real(device, DeviceWish.Cuda, DeviceKind.Gpu),
    };

    private static DeviceKind Kind(CLDeviceType type) =>
        (type & CLDeviceType.CL_DEVICE_TYPE_GPU) != 0 ? DeviceKind.Gpu
        : (type & CLDeviceType.CL_DEVICE_TYPE_CPU) != 0 ? DeviceKind.Cpu
        : DeviceKind.Other;

    private static IlgpuDevice Real(Device device, string driver, DeviceKind kind) => new(
        device.Name, driver, kind, IsEmulated: false, device.MaxNumThreadsPerGroup, device.MaxSharedMemoryPerGroup, device.MemorySize);
}
