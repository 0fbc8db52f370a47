namespace Kernels.Gpu.OpenCL;

/// <summary>A call into OpenCL failed; the message has the function, the name of the error code and the context.</summary>
public sealed class OpenClException : Exception
{
    internal OpenClException(string function, int code, string? about = null)
        : base($"{function}: {OpenClError.Name(code)}{(about is null ? "" : $" ({about})")}") => Code = code;

    /// <summary>The error code that the driver returned.</summary>
    public int Code { get; }

    /// <summary>Throws unless <paramref name="code"/> is success.</summary>
    internal static void ThrowIfFailed(int code, string function)
    {
        if (code != OpenClError.Success)
            throw new OpenClException(function, code);
    }
}
