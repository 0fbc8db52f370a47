using Kernels.Gpu.Cuda;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>The committed PTX of the project, parsed once.</summary>
internal static class CudaModule
{
    /// <summary>
    /// The PTX that the interpreter runs: that of compute capability 9.0, which has every entry. The other target's differs in the order of
    /// some instructions only, which tests compare and run.
    /// </summary>
    public static string Text { get; } = CudaSource.Ptx("sm_90a");

    public static PtxModule Module { get; } = PtxModule.Parse(Text);

    public static PtxEntry Entry(CudaEntry entry) => Module.Entries[entry.Name];
}
