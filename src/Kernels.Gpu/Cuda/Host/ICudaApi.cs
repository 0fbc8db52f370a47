namespace Kernels.Gpu.Cuda.Host;

/// <summary>A way to reach the CUDA driver: finds devices and opens a host on one.</summary>
internal interface ICudaApi
{
    /// <summary>Loads and initialises the driver; returns every device, at least one.</summary>
    /// <exception cref="CudaUnavailableException">There is no driver or no device, or the driver lacks an entry point.</exception>
    /// <exception cref="CudaException">The driver failed.</exception>
    IReadOnlyList<CudaDevice> Devices();

    /// <summary>Opens a context on one of <see cref="Devices"/>.</summary>
    /// <exception cref="CudaException">The driver failed.</exception>
    ICudaHost Open(CudaDevice device);
}
