using System.Globalization;
using System.Text;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>The code of all entries for one device: compiled here by NVRTC where there is one, or else the PTX of this project.</summary>
/// <param name="Image">Machine code, or PTX that ends with a zero.</param>
/// <param name="Origin">Where it comes from, for messages.</param>
/// <param name="NeedsDriver">The lowest CUDA version that the driver must support.</param>
internal sealed record CudaProgram(byte[] Image, string Origin, Version NeedsDriver)
{
    /// <summary>The code for a device.</summary>
    public static CudaProgram For(CudaDevice device, CudaCompiler compiler) =>
        compiler.Compile(device) ?? Committed(device, compiler.WhyNot(device));

    private static CudaProgram Committed(CudaDevice device, string? whyNotCompiled)
    {
        string target = CudaSource.TargetOf(device);
        string ptx = CudaSource.Ptx(target);
        return new(Encoding.UTF8.GetBytes(ptx + '\0'), $"PTX for {target} of this project ({whyNotCompiled})", DriverFor(ptx));
    }

    /// <summary>CUDA 11.x brought PTX 7.x and CUDA 12.x PTX 8.x, with the same x (PTX ISA manual, release notes).</summary>
    internal static Version DriverFor(string ptx)
    {
        const string Directive = ".version ";
        int begin = ptx.IndexOf(Directive, StringComparison.Ordinal) + Directive.Length;
        int[] version = [.. ptx[begin..ptx.IndexOf('\n', begin)].Trim().Split('.').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return new Version(version[0] + 4, version[1]);
    }
}
