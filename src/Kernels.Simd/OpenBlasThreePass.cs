using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Simd;

/// <summary>
/// The whole score matrix of a head by two calls of a tuned BLAS, with a vectorised softmax between them, as frameworks without a fused
/// kernel do. Hidden pairs are computed too, and scratch grows with queries × keys.
/// </summary>
/// <typeparam name="TSet">The instruction set of the softmax.</typeparam>
public sealed unsafe class OpenBlasThreePass<TSet> : HeadKernel
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "simd-openblas-three-pass", "both products by cblas_sgemm, the softmax vectorised", Operations.Softmax)
    {
        BuildsOn = "naive-three-pass",
        Source = "OpenBLAS, Wang et al. 2013",
    };

    /// <inheritdoc/>
    public override string? Unavailable => OpenBlas.Unavailable ?? InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override long ScratchLength(AttentionProblem problem) => (long)problem.Queries * problem.Keys;

    /// <inheritdoc/>
    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        int queries = problem.Queries, keys = problem.Keys, d = problem.HeadDim;
        fixed (float* qHead = q, kHead = k, vHead = v, outputHead = output, scores = scratch)
        {
            OpenBlas.Multiply(queries, keys, d, problem.Scale * VectorExp.Log2E, qHead, kHead, transposeB: true, scores);
            for (int query = 0; query < queries; query++)
                Softmax(problem.VisibleKeys(query), scratch.Slice(query * keys, keys));
            OpenBlas.Multiply(queries, d, keys, 1, scores, vHead, transposeB: false, outputHead);
        }
    }

    /// <summary>Weights of one row; hidden keys get the weight 0, and the product still multiplies them.</summary>
    private static void Softmax(KeyRange visible, Span<float> row)
    {
        if (visible.IsEmpty)
        {
            row.Clear();
            return;
        }
        row[..visible.Begin].Clear();
        row[visible.End..].Clear();
        TSet.SoftmaxRow(row.Slice(visible.Begin, visible.Length));
    }
}
