using Kernels.Gpu.Cuda.Host;
using Kernels.Gpu.Cuda.Nvrtc;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// Compiles the CUDA C of this project for the device with NVRTC, where that is installed. NVRTC is part of the CUDA toolkit and not of the
/// driver; without it, the driver compiles the PTX of the project.
/// </summary>
/// <param name="names">Names or paths of the library, tried in turn.</param>
internal sealed class CudaCompiler(IReadOnlyList<string> names)
{
    /// <summary>Environment variable: name or path of the NVRTC library, or <c>none</c> for the project's PTX.</summary>
    public const string Variable = "KERNELS_NVRTC";

    private readonly Lazy<(NvrtcLibrary? Library, string? WhyNot)> found = new(() => NvrtcLibrary.Find(names));
    private string? failure;

    /// <summary>The NVRTC that the environment names, or else the installed one.</summary>
    public static CudaCompiler Default { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => new(NvrtcLibrary.PlatformNames),
        "none" => None,
        var name => new([name]),
    };

    /// <summary>No compiler: the project's PTX.</summary>
    public static CudaCompiler None => new([]);

    /// <summary>Why <see cref="Compile"/> returned null, in a few words.</summary>
    public string WhyNot(CudaDevice device) =>
        failure is not null ? $"NVRTC compiles nothing for {Architecture(device)}: {failure}"
        : names.Count == 0 ? "NVRTC was not asked" : found.Value.WhyNot!;

    /// <summary>Machine code for the device; null when there is no compiler, or it is older than the device.</summary>
    public unsafe CudaProgram? Compile(CudaDevice device)
    {
        if (found.Value.Library is not { } nvrtc)
            return null;
        try
        {
            int major, minor;
            nvrtc.ThrowIfFailed(nvrtc.Version(&major, &minor), "nvrtcVersion");
            using var program = new NvrtcProgram(
                nvrtc, CudaSource.MainFile, CudaSource.Read(CudaSource.MainFile),
                [.. CudaSource.Headers.Select(name => (name, CudaSource.Read(name)))]);
            byte[] image = program.Compile(Architecture(device));
            // Machine code runs with every driver of the same major version.
            return new CudaProgram(image, $"compiled for {Architecture(device)} by NVRTC {major}.{minor} ({nvrtc.Name})", new Version(major, 0));
        }
        catch (CudaException error)
        {
            failure = error.Message;
            return null;
        }
    }

    // The code of 9.0 alone has all that 9.0 can do.
    private static string Architecture(CudaDevice device) => device.Capability == CudaEntries.Warpgroups
        ? CudaSource.TargetOf(device)
        : $"sm_{device.Capability.Major}{device.Capability.Minor}";
}
