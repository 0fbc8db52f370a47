namespace Kernels.Abstractions;

/// <summary>What a device is, whatever drives it.</summary>
public enum DeviceKind
{
    /// <summary>A graphics processor.</summary>
    Gpu,

    /// <summary>The processor of this machine, made a device by PoCL or by an emulator.</summary>
    Cpu,

    /// <summary>Another accelerator.</summary>
    Other,
}
