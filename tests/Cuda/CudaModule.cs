using Kernels.Gpu.Cuda;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>The committed PTX of the project, parsed once.</summary>
internal static class CudaModule
{
    /// <summary>The PTX that the interpreter runs; the other target's differs in its first lines only, which a test compares.</summary>
    public static string Text { get; } = CudaSource.Ptx(80);

    public static PtxModule Module { get; } = PtxModule.Parse(Text);

    public static PtxEntry Entry(CudaEntry entry) => Module.Entries[entry.Name];
}
