using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>A kernel of a <see cref="DriverModule"/>, which owns it.</summary>
internal sealed unsafe class DriverFunction(DriverLibrary library, DriverHost host, nint function, string name, int sharedBytes)
    : ICudaFunction
{
    public void Launch((int X, int Y, int Z) grid, int threads, ReadOnlySpan<nint> arguments)
    {
        int code;
        fixed (nint* values = arguments)
            code = library.LaunchKernel(
                function, (uint)grid.X, (uint)grid.Y, (uint)grid.Z, (uint)threads, 1, 1, (uint)sharedBytes, host.Stream, (void**)values, null);
        if (code != DriverError.Success)
            library.ThrowIfFailed(code, "cuLaunchKernel", $"{name}, {grid} blocks of {threads} threads");
    }
}
