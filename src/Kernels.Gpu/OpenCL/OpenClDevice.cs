using System.Text;
using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>An OpenCL device: its name, and the limits that determine tile sizes.</summary>
public sealed record OpenClDevice
{
    private const ulong CpuType = 1 << 1, GpuType = 1 << 2;

    internal nint Platform { get; init; }

    internal nint Id { get; init; }

    /// <summary>The device's name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of its platform: the driver.</summary>
    public required string PlatformName { get; init; }

    /// <summary>OpenCL version of the device; for PoCL, also the version of PoCL.</summary>
    public required string Version { get; init; }

    /// <summary>Its kind; PoCL exposes the processor as a device.</summary>
    public required DeviceKind Kind { get; init; }

    /// <summary>Multiprocessors, or cores.</summary>
    public required int ComputeUnits { get; init; }

    /// <summary>Work-items that one work-group may have.</summary>
    public required long MaxWorkGroupSize { get; init; }

    /// <summary>Local memory of one work-group, in bytes.</summary>
    public required long LocalMemoryBytes { get; init; }

    /// <summary>Memory of the device, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Largest single buffer, in bytes.</summary>
    public required long MaxBufferBytes { get; init; }

    /// <summary>Floats in a vector register of a CPU device; mostly 1 on a GPU.</summary>
    public required int VectorWidth { get; init; }

    /// <summary>
    /// The device that the OpenCL kernels run on, such as <c>CPU device (PoCL)</c>, or the reason why there is none. The first use loads
    /// the driver.
    /// </summary>
    public static string Description => OpenClRuntime.Default.Device?.ToString() ?? OpenClRuntime.Default.Unavailable!;

    /// <summary>The device that the OpenCL kernels run on; null where there is none.</summary>
    public static OpenClDevice? Current => OpenClRuntime.Default.Device;

    /// <summary>Every device of every driver, whether kernels run on it or not; empty without a driver.</summary>
    public static IReadOnlyList<OpenClDevice> Present =>
        OpenClRuntime.Default.Device is null ? [] : DeviceChoice.All(OpenClRuntime.Default.Session.Library);

    /// <summary>
    /// <c>CPU device (PoCL)</c> for the processor, so that its figures are not mistaken for a GPU's; otherwise the device's name.
    /// </summary>
    public override string ToString() => Kind switch
    {
        _ when IsEmulated => $"{Name} (emulator)",
        DeviceKind.Cpu => $"CPU device ({(IsPocl ? "PoCL" : PlatformName)})",
        DeviceKind.Gpu => $"{Name} (GPU)",
        _ => $"{Name} (accelerator)",
    };

    /// <summary>Whether it interprets kernels to find errors, as oclgrind does; times are then meaningless.</summary>
    public bool IsEmulated => PlatformName == "Oclgrind";

    private bool IsPocl => PlatformName == "Portable Computing Language";

    internal static unsafe OpenClDevice Read(OpenClLibrary library, nint platform, nint device)
    {
        ulong type = (ulong)Number(library, device, 0x1000);
        return new OpenClDevice
        {
            Platform = platform,
            Id = device,
            Name = Text(library.GetDeviceInfo, device, 0x102B, "clGetDeviceInfo"),
            PlatformName = Text(library.GetPlatformInfo, platform, 0x0902, "clGetPlatformInfo"),
            Version = Text(library.GetPlatformInfo, platform, 0x0901, "clGetPlatformInfo"),
            Kind = (type & GpuType) != 0 ? DeviceKind.Gpu : (type & CpuType) != 0 ? DeviceKind.Cpu : DeviceKind.Other,
            ComputeUnits = (int)Number(library, device, 0x1002),
            MaxWorkGroupSize = Number(library, device, 0x1004),
            LocalMemoryBytes = Number(library, device, 0x1023),
            MemoryBytes = Number(library, device, 0x101F),
            MaxBufferBytes = Number(library, device, 0x1010),
            VectorWidth = (int)Number(library, device, 0x103A),
        };
    }

    // Every numeric property has at most 8 bytes, little-endian on every platform of .NET.
    private static unsafe long Number(OpenClLibrary library, nint device, uint property)
    {
        long value = 0;
        OpenClException.ThrowIfFailed(library.GetDeviceInfo(device, property, sizeof(long), &value, null), "clGetDeviceInfo");
        return value;
    }

    private static unsafe string Text(
        delegate* unmanaged<nint, uint, nuint, void*, nuint*, int> query, nint of, uint property, string function)
    {
        nuint length;
        OpenClException.ThrowIfFailed(query(of, property, 0, null, &length), function);
        byte[] text = new byte[length];
        fixed (byte* bytes = text)
            OpenClException.ThrowIfFailed(query(of, property, length, bytes, null), function);
        return Encoding.UTF8.GetString(text).TrimEnd('\0').Trim();
    }
}
