using System.Runtime.InteropServices;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda.Nvrtc;

/// <summary>The entry points of NVRTC, NVIDIA's run-time compiler, that are used; parameters are those of nvrtc.h.</summary>
internal sealed unsafe class NvrtcLibrary
{
    public const int Success = 0;

    public readonly delegate* unmanaged<int*, int*, int> Version;
    public readonly delegate* unmanaged<int, byte*> GetErrorString;
    public readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> CreateProgram;
    public readonly delegate* unmanaged<nint, int, byte**, int> CompileProgram;
    public readonly delegate* unmanaged<nint, nuint*, int> GetCubinSize;
    public readonly delegate* unmanaged<nint, byte*, int> GetCubin;
    public readonly delegate* unmanaged<nint, nuint*, int> GetProgramLogSize;
    public readonly delegate* unmanaged<nint, byte*, int> GetProgramLog;
    public readonly delegate* unmanaged<nint*, int> DestroyProgram;

    private NvrtcLibrary(string name, nint library)
    {
        nint Export(string symbol) => NativeLibrary.GetExport(library, symbol);
        Name = name;
        Version = (delegate* unmanaged<int*, int*, int>)Export("nvrtcVersion");
        GetErrorString = (delegate* unmanaged<int, byte*>)Export("nvrtcGetErrorString");
        CreateProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)Export("nvrtcCreateProgram");
        CompileProgram = (delegate* unmanaged<nint, int, byte**, int>)Export("nvrtcCompileProgram");
        GetCubinSize = (delegate* unmanaged<nint, nuint*, int>)Export("nvrtcGetCUBINSize");
        GetCubin = (delegate* unmanaged<nint, byte*, int>)Export("nvrtcGetCUBIN");
        GetProgramLogSize = (delegate* unmanaged<nint, nuint*, int>)Export("nvrtcGetProgramLogSize");
        GetProgramLog = (delegate* unmanaged<nint, byte*, int>)Export("nvrtcGetProgramLog");
        DestroyProgram = (delegate* unmanaged<nint*, int>)Export("nvrtcDestroyProgram");
    }

    /// <summary>Its name or path.</summary>
    public string Name { get; }

    /// <summary>Possible names, which contain the CUDA version, newest first.</summary>
    public static IReadOnlyList<string> PlatformNames { get; } =
        OperatingSystem.IsWindows() ? ["nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll"]
        : OperatingSystem.IsLinux() ? ["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so"]
        : [];

    /// <summary>
    /// The first of <paramref name="names"/> that can be loaded and has every entry point, or the reason why there is none.
    /// </summary>
    public static (NvrtcLibrary? Library, string? WhyNot) Find(IReadOnlyList<string> names)
    {
        string? tooOld = null;
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out nint library))
                continue;
            try
            {
                return (new NvrtcLibrary(name, library), null);
            }
            catch (EntryPointNotFoundException)
            {
                tooOld ??= $"{name} is no NVRTC of CUDA 11.1 or later";
                // Before CUDA 11.1 NVRTC produces no machine code: try the next name, or use the PTX of the project.
            }
        }
        return (null, tooOld ?? $"NVRTC not found: {string.Join(", ", names)}");
    }

    /// <summary>Throws unless <paramref name="code"/> is success.</summary>
    /// <exception cref="CudaException">With the compiler's own text.</exception>
    public void ThrowIfFailed(int code, string function, string? about = null)
    {
        if (code != Success)
            throw new CudaException(function, code, Marshal.PtrToStringUTF8((nint)GetErrorString(code)) ?? $"error {code}", about);
    }
}
