using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.Ggml;

/// <summary>
/// A mask as ggml takes it: for each query and key the half that is added to their score, 0 or −∞. It is read for all heads.
/// </summary>
internal static unsafe class GgmlMask
{
    /// <summary>Bytes of the mask of a problem; 0 when it hides nothing, and then there is none.</summary>
    public static long Bytes(Problem problem) => problem.ShowsAll ? 0 : (long)problem.Queries * problem.Keys * sizeof(Half);

    /// <summary>The tensor; null, 0, when the mask hides nothing.</summary>
    public static nint Create(GgmlContext context, Problem problem)
    {
        if (problem.ShowsAll)
            return 0;
        (nint tensor, nint data) = context.New(GgmlType.Float16, 1, 1, problem.Queries, problem.Keys);
        for (int query = 0; query < problem.Queries; query++)
        {
            var row = new Span<Half>((Half*)data + (long)query * problem.Keys, problem.Keys);
            (int begin, int end) = problem.VisibleKeys(query);
            row.Fill(Half.NegativeInfinity);
            row[begin..end].Clear();
        }
        return tensor;
    }
}
