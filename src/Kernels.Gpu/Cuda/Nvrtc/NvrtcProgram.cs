using System.Runtime.InteropServices;
using System.Text;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Nvrtc;

/// <summary>One compilation.</summary>
internal sealed unsafe class NvrtcProgram : IDisposable
{
    private readonly NvrtcLibrary library;
    private nint handle;

    /// <param name="library">The compiler.</param>
    /// <param name="name">Name of the source in messages.</param>
    /// <param name="source">CUDA C.</param>
    /// <param name="headers">Headers, by name.</param>
    public NvrtcProgram(NvrtcLibrary library, string name, string source, IReadOnlyList<(string Name, string Text)> headers)
    {
        this.library = library;
        nint created;
        byte** texts = stackalloc byte*[headers.Count + 1], names = stackalloc byte*[headers.Count + 1];
        byte* file = Copy(name), code = Copy(source);
        for (int i = 0; i < headers.Count; i++)
        {
            texts[i] = Copy(headers[i].Text);
            names[i] = Copy(headers[i].Name);
        }
        int result = library.CreateProgram(&created, code, file, headers.Count, texts, names);
        foreach (nint text in new[] { (nint)file, (nint)code })
            Marshal.FreeCoTaskMem(text);
        for (int i = 0; i < headers.Count; i++)
        {
            Marshal.FreeCoTaskMem((nint)texts[i]);
            Marshal.FreeCoTaskMem((nint)names[i]);
        }
        library.ThrowIfFailed(result, "nvrtcCreateProgram");
        handle = created;
    }

    /// <summary>Machine code for an architecture such as <c>sm_80</c>.</summary>
    /// <exception cref="CudaException">The compiler rejects it; the message contains the first error of its log.</exception>
    public byte[] Compile(string architecture)
    {
        byte** options = stackalloc byte*[] { Copy($"--gpu-architecture={architecture}"), Copy("--std=c++17") };
        int result = library.CompileProgram(handle, 2, options);
        Marshal.FreeCoTaskMem((nint)options[0]);
        Marshal.FreeCoTaskMem((nint)options[1]);
        if (result != NvrtcLibrary.Success)
            library.ThrowIfFailed(result, "nvrtcCompileProgram", FirstError());
        nuint length;
        library.ThrowIfFailed(library.GetCubinSize(handle, &length), "nvrtcGetCUBINSize");
        byte[] image = new byte[length];
        fixed (byte* bytes = image)
            library.ThrowIfFailed(library.GetCubin(handle, bytes), "nvrtcGetCUBIN");
        return image;
    }

    public void Dispose()
    {
        nint released = Interlocked.Exchange(ref handle, 0);
        if (released != 0)
            library.DestroyProgram(&released);
    }

    private static byte* Copy(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text);

    private string FirstError()
    {
        string[] lines = Log().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? "its log is empty";
    }

    private string Log()
    {
        nuint length;
        if (library.GetProgramLogSize(handle, &length) != NvrtcLibrary.Success)
            return "";
        byte[] text = new byte[length];
        fixed (byte* bytes = text)
            library.GetProgramLog(handle, bytes);
        return Encoding.UTF8.GetString(text).TrimEnd('\0', '\n');
    }
}
