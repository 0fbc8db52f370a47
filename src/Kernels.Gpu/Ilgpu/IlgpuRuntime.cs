using Kernels.Abstractions;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// ILGPU on this machine, found at the first use: an accelerator, or the reason why there is none. The default one
/// lives until the process ends.
/// </summary>
internal sealed class IlgpuRuntime : IDisposable
{
    private readonly Lazy<(IIlgpuAccelerator? Accelerator, string? Reason)> found;

    /// <param name="open">Opens an accelerator; may throw <see cref="IlgpuUnavailableException"/> and <see cref="IlgpuException"/>.</param>
    public IlgpuRuntime(Func<IIlgpuAccelerator> open) => found = new(() => Find(open));

    /// <summary>The best device.</summary>
    public static IlgpuRuntime Default { get; } = new(() => IlgpuAccelerator.Open(null));

    /// <summary>The requested device.</summary>
    public static IlgpuRuntime On(DeviceWish? wish) => wish is null ? Default : new(() => IlgpuAccelerator.Open(wish));

    /// <summary>Why there is no accelerator; null when there is one.</summary>
    public string? Unavailable => found.Value.Reason;

    /// <summary>The device; null when there is none.</summary>
    public IlgpuDevice? Device => found.Value.Accelerator?.Device;

    /// <summary>The accelerator.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IIlgpuAccelerator Accelerator => found.Value.Accelerator ?? throw new InvalidOperationException(Unavailable);

    /// <summary>Releases what was created on the device; kernels of this runtime cannot be used afterwards.</summary>
    public void Dispose()
    {
        if (found.IsValueCreated)
            found.Value.Accelerator?.Dispose();
    }

    private static (IIlgpuAccelerator? Accelerator, string? Reason) Find(Func<IIlgpuAccelerator> open)
    {
        try
        {
            return (open(), null);
        }
        catch (Exception failed) when (failed is IlgpuUnavailableException or IlgpuException)
        {
            return (null, failed.Message);
        }
    }
}
