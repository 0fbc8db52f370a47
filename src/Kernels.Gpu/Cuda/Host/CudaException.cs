namespace Kernels.Gpu.Cuda.Host;

/// <summary>
/// A call into the CUDA driver or compiler failed; the message has the function, the name of the error code and the context.
/// </summary>
public sealed class CudaException : Exception
{
    internal CudaException(string function, int code, string error, string? about = null)
        : base($"{function}: {error}{(about is null ? "" : $" ({about})")}") => Code = code;

    /// <summary>The error code that the driver or compiler returned.</summary>
    public int Code { get; }
}
