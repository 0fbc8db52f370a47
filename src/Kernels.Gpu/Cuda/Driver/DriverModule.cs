using System.Text;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Driver;

/// <summary>Code loaded by the driver, which compiles PTX first.</summary>
internal sealed unsafe class DriverModule : ICudaModule
{
    // CUjit_option of cuda.h.
    private const int ErrorLogBuffer = 5, ErrorLogBufferBytes = 6;

    private const int MaxDynamicSharedBytes = 8;
    private const int LogBytes = 8192;

    private readonly DriverLibrary library;
    private readonly DriverHandle handle;
    private readonly DriverHost host;

    private DriverModule(DriverLibrary library, DriverHandle handle, DriverHost host) =>
        (this.library, this.handle, this.host) = (library, handle, host);

    /// <exception cref="CudaException">The driver rejects the image; the message contains the compiler's log.</exception>
    public static DriverModule Load(DriverLibrary library, DriverHandle context, DriverHost host, byte[] image)
    {
        byte[] log = new byte[LogBytes];
        nint created;
        fixed (byte* text = log, code = image)
        {
            int* options = stackalloc int[] { ErrorLogBuffer, ErrorLogBufferBytes };
            void** values = stackalloc void*[] { text, (void*)LogBytes };
            int result = library.ModuleLoadDataEx(&created, code, 2, options, values);
            int end = Array.IndexOf(log, (byte)0);
            string message = Encoding.UTF8.GetString(log, 0, end < 0 ? LogBytes : end).Trim();
            library.ThrowIfFailed(result, "cuModuleLoadDataEx", message.Length == 0 ? null : message);
        }
        return new DriverModule(library, new DriverHandle(library, created, library.ModuleUnload, context), host);
    }

    public ICudaFunction Function(string name, int sharedBytes)
    {
        nint function;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
            library.ThrowIfFailed(library.ModuleGetFunction(&function, handle.Value, text), "cuModuleGetFunction", name);
        library.ThrowIfFailed(
            library.FuncSetAttribute(function, MaxDynamicSharedBytes, sharedBytes), "cuFuncSetAttribute",
            $"{name}, {sharedBytes:N0} bytes of shared memory");
        return new DriverFunction(library, host, function, name, sharedBytes);
    }

    public void Dispose() => handle.Dispose();
}
