using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Simd;

/// <summary>
/// Exact top-k attention: all scores as a matrix product in float32, the best of each query by a heap. Where rounding could decide which key
/// is better, the scores are computed again in float64, so the choice is exact.
/// </summary>
public sealed class TopScores : QueryTileKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "simd-top-k", "the 64 best keys of each query alone; close scores are compared again in float64", Definition.TopK)
    {
        BuildsOn = "simd-avx512",
        Source = "Gupta et al. 2021, Memory-efficient Transformers via Top-k Attention",
    };

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) => TopScoresTile<Simd128, Vector128<float>>.ScratchLength(problem);

    /// <inheritdoc/>
    protected override int TileQueries(AttentionProblem problem) => TopScoresTile<Simd128, Vector128<float>>.Tile;

    /// <inheritdoc/>
    protected override void ComputeTile(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int begin, int end, Span<float> scratch)
    {
        if (Simd512.IsSupported)
            TopScoresTile<Simd512, Vector512<float>>.Compute(problem, q, k, v, output, begin, end, scratch);
        else if (Simd256.IsSupported)
            TopScoresTile<Simd256, Vector256<float>>.Compute(problem, q, k, v, output, begin, end, scratch);
        else
            TopScoresTile<Simd128, Vector128<float>>.Compute(problem, q, k, v, output, begin, end, scratch);
    }
}
