using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Simd.Vectors;

namespace Kernels.Sparse;

/// <summary>
/// Exact attention under a mask that hides most keys, in time and scratch proportional to what is seen. A tile of queries is cut twice:
/// scores are computed for strips of 16 queries, the weighted sum for blocks of 6, each over only the keys that it sees, so that the
/// corners of a tile, which no window fills, cost little. Only those corners are masked.
/// </summary>
public sealed class SlidingWindow : QueryTileKernel
{
    // Three strips of a 512-bit vector, eight blocks of MatrixProduct's 6 rows.
    internal const int Tile = 48, Strip = 16;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "sparse-sliding-window", "visits only the keys that a few neighbouring queries see", Definition.Softmax)
    {
        BuildsOn = "simd-avx512",
        Source = "Beltagy et al. 2020, Longformer, section 3.1",
    };

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) =>
        Simd512.IsSupported ? WindowTile<Simd512, Vector512<float>>.ScratchLength(problem)
        : Simd256.IsSupported ? WindowTile<Simd256, Vector256<float>>.ScratchLength(problem)
        : WindowTile<Simd128, Vector128<float>>.ScratchLength(problem);

    /// <inheritdoc/>
    protected override string? Refuses(AttentionProblem problem) =>
        problem.Mask is FullMask ? "under the full mask there is nothing to skip; it takes causal and window masks" : null;

    /// <inheritdoc/>
    protected override int TileQueries(AttentionProblem problem) => Tile;

    /// <inheritdoc/>
    protected override void ComputeTile(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        int begin, int end, Span<float> scratch)
    {
        if (Simd512.IsSupported)
            WindowTile<Simd512, Vector512<float>>.Compute(problem, q, k, v, output, begin, end, scratch);
        else if (Simd256.IsSupported)
            WindowTile<Simd256, Vector256<float>>.Compute(problem, q, k, v, output, begin, end, scratch);
        else
            WindowTile<Simd128, Vector128<float>>.Compute(problem, q, k, v, output, begin, end, scratch);
    }
}
