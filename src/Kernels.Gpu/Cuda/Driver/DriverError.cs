namespace Kernels.Gpu.Cuda.Driver;

/// <summary>The result codes of the driver that the host handles (CUresult in cuda.h).</summary>
internal static class DriverError
{
    public const int Success = 0;
    public const int NoDevice = 100;
}
