using System.Runtime.InteropServices;
using Kernels.Abstractions;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// The last parameter of every attention entry, passed by value; it has the layout of <c>struct Shape</c> in shape.cuh. Query i sees the
/// keys max(0, i + diagonal − left) ≤ key &lt; min(keys, i + diagonal + right + 1), computed with 64 bits.
/// </summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="Queries">Query tokens.</param>
/// <param name="Keys">Key and value tokens.</param>
/// <param name="Diagonal">Number of the key at a query's position, less the query's number; 0 where the mask is aligned to the first
/// key.</param>
/// <param name="Left">Keys seen before a query's own position; <see cref="int.MaxValue"/> for all.</param>
/// <param name="Right">Keys seen after it; <see cref="int.MaxValue"/> for all.</param>
/// <param name="Scale">The scale of the scores.</param>
/// <param name="ScaleLog2">The same times log₂ e, so that the kernels take powers of 2.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CudaShape(
    int Heads, int KvHeads, int Queries, int Keys, int Diagonal, int Left, int Right, float Scale, float ScaleLog2)
{
    /// <summary>The shape of a problem, or null when the kernels do not know its mask.</summary>
    public static CudaShape? Of(AttentionProblem problem)
    {
        int offset = problem.Head(0).Offset;
        (int Diagonal, int Left, int Right)? band = problem.Mask switch
        {
            FullMask => (0, int.MaxValue, int.MaxValue),
            CausalMask { Alignment: CausalAlignment.LastKey } => (offset, int.MaxValue, 0),
            CausalMask { Alignment: CausalAlignment.FirstKey } => (-problem.KeyStart, int.MaxValue, 0),
            WindowMask window => (offset, window.Left, window.Right),
            _ => null,
        };
        if (band is not { } seen)
            return null;
        float scaleLog2 = (float)(problem.Scale * Math.Log2(Math.E));
        return new(problem.Heads, problem.KvHeads, problem.Queries, problem.Keys, seen.Diagonal, seen.Left, seen.Right, problem.Scale, scaleLog2);
    }
}
