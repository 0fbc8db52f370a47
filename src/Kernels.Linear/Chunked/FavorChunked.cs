using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>FAVOR+ in chunks of 48 tokens. All query heads of a kv head share its state.</summary>
public sealed class FavorChunked()
    : ChunkedKernel(
        new FavorRule<Simd512, Vector512<float>>(), new FavorRule<Simd256, Vector256<float>>(), new FavorRule<Simd128, Vector128<float>>())
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "linear-favor-chunked", "256 random features estimate the softmax; each keeps a running maximum, so that none overflows or vanishes",
        Definition.Favor)
    {
        BuildsOn = "linear-elu-chunked",
        Source = "Choromanski et al. 2021, Rethinking Attention with Performers, section 2",
    };
}
