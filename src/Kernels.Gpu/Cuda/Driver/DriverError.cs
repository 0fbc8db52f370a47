namespace Kernels.Gpu.Cuda.Driver;

/// <summary>The result codes of the driver that the host tells apart (CUresult in cuda.h); the driver names all others.</summary>
internal static class DriverError
{
    public const int Success = 0;
    public const int NoDevice = 100;
}
