namespace Kernels.Abstractions;

/// <summary>Kind of a device, independent of its driver.</summary>
public enum DeviceKind
{
    /// <summary>A graphics processor.</summary>
    Gpu,

    /// <summary>The processor of this machine, exposed as a device by PoCL or by an emulator.</summary>
    Cpu,

    /// <summary>Another accelerator.</summary>
    Other,
}
