using Kernels.Abstractions;
using Kernels.Flash.Decode;

namespace Kernels.Flash;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class FlashKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<AttentionKernel> All { get; } =
    [
        new FlashPortable(),
        new FlashAvx2(),
        new FlashAvx512(),
        new FlashAvx512Interleaved(),
        new FlashDecodePortable(),
        new FlashDecodeAvx2(),
        new FlashDecodeAvx512(),
    ];
}
