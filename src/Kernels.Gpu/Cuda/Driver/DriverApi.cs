using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>The CUDA driver through the project's own binding.</summary>
/// <param name="load">Loads the library; may throw <see cref="CudaUnavailableException"/>.</param>
internal sealed class DriverApi(Func<DriverLibrary> load) : ICudaApi
{
    private readonly Lazy<DriverLibrary> library = new(load);

    public IReadOnlyList<CudaDevice> Devices() => DriverDevices.Read(library.Value);

    public ICudaHost Open(CudaDevice device) => new DriverHost(library.Value, device);
}
