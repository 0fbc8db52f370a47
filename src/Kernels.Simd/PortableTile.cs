using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Simd;

/// <summary>Four lanes: SSE, NEON, or software where there is neither.</summary>
public sealed class PortableTile : TiledThreePass<Simd128, Vector128<float>>
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "simd-portable", "queries across the lanes of 128-bit vectors, blocks of results in registers, one shared 2ˣ",
        Definition.Softmax)
    {
        BuildsOn = "simd-tensor-primitives",
    };

    /// <inheritdoc/>
    protected override string Requirement => "128-bit vectors";
}
