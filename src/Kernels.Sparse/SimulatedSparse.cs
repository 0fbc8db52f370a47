using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives.Tiles;
using Kernels.Primitives;

namespace Kernels.Sparse;

/// <summary>
/// What a sparse pattern costs where it is only simulated: the flash tiles compute the score of every pair, and −∞ is added where the
/// pattern shows nothing, as frameworks do with a mask. Beside the kernels that skip, it shows what skipping wins.
/// </summary>
public sealed class SimulatedSparse : AttentionKernel
{
    private const int MaxHeadDim = 256;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "sparse-simulated", "simulated: dense flash tiles compute every pair, hidden ones get −∞ added; nothing is skipped", Definition.Softmax)
    {
        BuildsOn = "flash-avx512-6x64",
    };

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) =>
        Simd512.IsSupported ? SimulatedTile<Simd512, Vector512<float>, Tiles6x4<Simd512, Vector512<float>>>.ScratchLength(problem)
        : Simd256.IsSupported ? SimulatedTile<Simd256, Vector256<float>, Tiles6x2<Simd256, Vector256<float>>>.ScratchLength(problem)
        : SimulatedTile<Simd128, Vector128<float>, Tiles6x2<Simd128, Vector128<float>>>.ScratchLength(problem);

    /// <inheritdoc/>
    protected override bool TakesPatterns => true;

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) =>
        problem.HeadDim > MaxHeadDim ? "head dimension is more than 256"
        : problem.Mask is FullMask or CausalMask ? "nothing is simulated under the full and causal masks; flash kernels are dense there"
        : null;

    /// <inheritdoc/>
    protected override int WorkItems(AttentionProblem problem) =>
        problem.Batch * problem.Heads * ((problem.Queries - 1) / Flash.QueryTile.MaxRows + 1);

    /// <inheritdoc/>
    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        if (Simd512.IsSupported)
            SimulatedTile<Simd512, Vector512<float>, Tiles6x4<Simd512, Vector512<float>>>.Compute(problem, tensors, item, scratch);
        else if (Simd256.IsSupported)
            SimulatedTile<Simd256, Vector256<float>, Tiles6x2<Simd256, Vector256<float>>>.Compute(problem, tensors, item, scratch);
        else
            SimulatedTile<Simd128, Vector128<float>, Tiles6x2<Simd128, Vector128<float>>>.Compute(problem, tensors, item, scratch);
    }
}
