using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// OpenCL on this machine, found at the first use: a session on a device, or the reason why there is none. The default one lives until
/// the process ends.
/// </summary>
internal sealed class OpenClRuntime : IDisposable
{
    private readonly Lazy<(OpenClSession? Session, string? Reason)> found;

    /// <param name="load">Loads the library; may throw <see cref="OpenClUnavailableException"/>.</param>
    /// <param name="wish">The requested device; null for the best.</param>
    public OpenClRuntime(Func<OpenClLibrary> load, DeviceWish? wish = null) => found = new(() => Find(load, wish));

    /// <summary>The library of this operating system, and its best device.</summary>
    public static OpenClRuntime Default { get; } = new(LoadLibrary);

    /// <summary>The library of this operating system, and the requested device.</summary>
    public static OpenClRuntime On(DeviceWish? wish) => wish is null ? Default : new(LoadLibrary, wish);

    /// <summary>Why there is no device; null when there is one.</summary>
    public string? Unavailable => found.Value.Reason;

    /// <summary>The device; null when there is none.</summary>
    public OpenClDevice? Device => found.Value.Session?.Device;

    /// <summary>The session on the device.</summary>
    /// <exception cref="InvalidOperationException">There is no device.</exception>
    public OpenClSession Session => found.Value.Session ?? throw new InvalidOperationException(Unavailable);

    /// <summary>Releases what was created on the device; kernels of this runtime cannot be used afterwards.</summary>
    public void Dispose()
    {
        if (found.IsValueCreated)
            found.Value.Session?.Dispose();
    }

    private static OpenClLibrary LoadLibrary() =>
        OpenClLibrary.Load(OpenClLibrary.PlatformLibrary.Name, OpenClLibrary.PlatformLibrary.Remedy);

    private static (OpenClSession? Session, string? Reason) Find(Func<OpenClLibrary> load, DeviceWish? wish)
    {
        try
        {
            OpenClLibrary library = load();
            return (new OpenClSession(library, DeviceChoice.Choose(library, wish)), null);
        }
        catch (OpenClUnavailableException unavailable)
        {
            return (null, unavailable.Message);
        }
        catch (OpenClException failed)
        {
            return (null, $"the OpenCL driver failed: {failed.Message}");
        }
    }
}
