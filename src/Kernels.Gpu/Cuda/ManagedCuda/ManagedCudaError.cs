#if WITH_MANAGEDCUDA
using System.Runtime.InteropServices;
using Kernels.Gpu.Cuda.Host;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Kernels.Gpu.Cuda.ManagedCuda;

/// <summary>Translates errors of ManagedCuda into <see cref="CudaException"/>.</summary>
internal static class ManagedCudaError
{
    /// <summary>Throws unless <paramref name="result"/> is success.</summary>
    /// <exception cref="CudaException">With the driver's own text.</exception>
    public static void ThrowIfFailed(CUResult result, string function, string? about = null)
    {
        if (result != CUResult.Success)
            throw new CudaException(function, (int)result, Text(result), about);
    }

    /// <summary>Runs a call and translates ManagedCuda's exceptions.</summary>
    /// <exception cref="CudaException">The call failed.</exception>
    public static T Translate<T>(string function, Func<T> call, Func<string?>? about = null)
    {
        try
        {
            return call();
        }
        catch (global::ManagedCuda.CudaException failed)
        {
            throw new CudaException(function, (int)failed.CudaError, Text(failed.CudaError), about?.Invoke());
        }
    }

    private static string Text(CUResult result)
    {
        nint name = 0, text = 0;
        if (ErrorHandling.cuGetErrorName(result, ref name) != CUResult.Success || name == 0)
            return $"error {(int)result}";
        string known = Marshal.PtrToStringUTF8(name)!;
        return ErrorHandling.cuGetErrorString(result, ref text) == CUResult.Success && text != 0
            ? $"{known}: {Marshal.PtrToStringUTF8(text)}"
            : known;
    }
}
#endif
