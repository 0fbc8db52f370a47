using System.Globalization;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// CUDA on this machine, found at the first use: a session on a device, or the reason why there is none. The default one lives until the
/// process ends.
/// </summary>
internal sealed class CudaRuntime : IDisposable
{
    // Required by the PTX of the lowest target, which uses asynchronous copies.
    private static readonly Version needed = new(8, 0);

    private readonly Lazy<IReadOnlyList<CudaDevice>> devices;
    private readonly Lazy<(CudaSession? Session, string? Reason)> found;

    /// <param name="api">Finds devices and opens them.</param>
    /// <param name="compiler">Compiles the CUDA C at run time, or has the reason why not.</param>
    /// <param name="wish">The device, by request or by number; null for the driver's first.</param>
    public CudaRuntime(ICudaApi api, CudaCompiler compiler, DeviceWish? wish = null)
    {
        devices = new(api.Devices);
        found = new(() => Find(api, compiler, wish));
    }

    /// <summary>
    /// The driver of this machine, through the host that the environment names or the default host, and its first device.
    /// </summary>
    public static CudaRuntime Default { get; } = OfMachine(null);

    /// <summary>The same on the requested device.</summary>
    public static CudaRuntime On(DeviceWish? wish) => wish is null ? Default : OfMachine(wish);

    /// <summary>Why there is no device; null when there is one.</summary>
    public string? Unavailable => found.Value.Reason;

    /// <summary>The session on the device.</summary>
    /// <exception cref="InvalidOperationException">There is no device.</exception>
    public CudaSession Session => found.Value.Session ?? throw new InvalidOperationException(Unavailable);

    /// <summary>The device; null when there is none.</summary>
    public CudaDevice? Device => found.Value.Session?.Device;

    /// <summary>Every device that the driver reports, usable or not; throws as <see cref="ICudaApi.Devices"/> does.</summary>
    public IReadOnlyList<CudaDevice> Devices => devices.Value;

    /// <summary>Releases what was created on the device; kernels of this runtime cannot be used afterwards.</summary>
    public void Dispose()
    {
        if (found.IsValueCreated)
            found.Value.Session?.Dispose();
    }

    private (CudaSession? Session, string? Reason) Find(ICudaApi api, CudaCompiler compiler, DeviceWish? wish)
    {
        try
        {
            CudaDevice device = Choose(Devices, wish);
            if (device.Capability < needed)
                return (null, $"{device} is too old: compute capability {needed} is needed");
            CudaProgram program = CudaProgram.For(device, compiler);
            return program.NeedsDriver > device.DriverVersion
                ? (null, $"the NVIDIA driver is too old: it is for CUDA {device.DriverVersion}, and the kernels need {program.NeedsDriver}")
                : (new CudaSession(api.Open(device), program), null);
        }
        catch (CudaUnavailableException unavailable)
        {
            return (null, unavailable.Message);
        }
        catch (CudaException failed)
        {
            return (null, $"the NVIDIA driver failed: {failed.Message}");
        }
    }

    private static CudaDevice Choose(IReadOnlyList<CudaDevice> devices, DeviceWish? wish) =>
        devices.FirstOrDefault(device => wish is null
            || device.Index.ToString(CultureInfo.InvariantCulture) == wish.Text
            || wish.Fits(DeviceWish.Cuda, DeviceKind.Gpu, device.Name))
        ?? throw new CudaUnavailableException(
            $"no CUDA device fits {wish}; there is {string.Join(", ", devices.Select(device => $"{device.Index} {device.Name}"))}");

    private static CudaRuntime OfMachine(DeviceWish? wish) => new(
        CudaHosts.Chosen(Environment.GetEnvironmentVariable(CudaHosts.Variable)), CudaCompiler.Default, wish);
}
