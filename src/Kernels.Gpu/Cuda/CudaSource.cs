using System.Reflection;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>The CUDA C of this project and the PTX made from it, which eng/ptx.sh writes; both are resources of the assembly.</summary>
internal static class CudaSource
{
    private const string Prefix = "cuda/";

    /// <summary>The file to compile; it includes all others.</summary>
    public const string MainFile = "attention.cu";

    /// <summary>The targets with PTX: sm_80, which every later device takes, and sm_90a, which is for compute capability 9.0 only.</summary>
    public static IReadOnlyList<string> Targets { get; } = ["sm_80", "sm_90a"];

    /// <summary>The target whose code a device takes, of PTX or compiled for it.</summary>
    public static string TargetOf(CudaDevice device) => device.Capability == CudaEntries.Warpgroups ? Targets[1] : Targets[0];

    /// <summary>The PTX of one of <see cref="Targets"/>.</summary>
    public static string Ptx(string target) => Read($"attention.{target}.ptx");

    /// <summary>The text of <see cref="MainFile"/> or a header.</summary>
    public static string Read(string file)
    {
        using Stream stream = Assembly.GetManifestResourceStream(Prefix + file)
            ?? throw new ArgumentException($"{file} is not a resource of {Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The headers, by the names in the includes of <see cref="MainFile"/>.</summary>
    public static IReadOnlyList<string> Headers { get; } =
    [
        .. Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix) && name.EndsWith(".cuh"))
            .Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal),
    ];

    private static Assembly Assembly => typeof(CudaSource).Assembly;
}
