using Kernels.Abstractions;

namespace Kernels.Peers;

/// <summary>An <see cref="AttentionProblem"/> as peers read it.</summary>
internal sealed record PeerProblem(
    int Batch, int Heads, int KvHeads, int Queries, int Keys, int HeadDim, int ValueDim, int QueryStart, int KeyStart, float Scale,
    string Mask, int? Left, int? Right)
{
    /// <summary>Writes down a problem; a window has its two sides as numbers too.</summary>
    public static PeerProblem Of(AttentionProblem problem)
    {
        var window = problem.Mask as WindowMask;
        return new(
            problem.Batch, problem.Heads, problem.KvHeads, problem.Queries, problem.Keys, problem.HeadDim, problem.ValueDim,
            problem.QueryStart, problem.KeyStart, problem.Scale, window is null ? problem.Mask.Name : "window", window?.Left, window?.Right);
    }
}
