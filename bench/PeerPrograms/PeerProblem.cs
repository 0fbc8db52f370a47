using Kernels.Abstractions;

namespace Kernels.Bench.PeerPrograms;

/// <summary>An <see cref="AttentionProblem"/> as peers read it.</summary>
internal sealed record PeerProblem(
    int Batch, int Heads, int KvHeads, int Queries, int Keys, int HeadDim, float Scale, string Mask, int? Left, int? Right)
{
    /// <summary>Writes down a problem; a window has its two sides as numbers too.</summary>
    public static PeerProblem Of(AttentionProblem problem)
    {
        var window = problem.Mask as WindowMask;
        return new(
            problem.Batch, problem.Heads, problem.KvHeads, problem.Queries, problem.Keys, problem.HeadDim, problem.Scale,
            window is null ? problem.Mask.Name : "window", window?.Left, window?.Right);
    }
}
