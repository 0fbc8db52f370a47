using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>What a state can follow: it takes keys in order, and lets none go.</summary>
internal static class GrowingState
{
    /// <summary>Why a state cannot follow the mask of a problem; null when it can.</summary>
    public static string? Refuses(AttentionProblem problem) =>
        problem.Mask is FullMask or CausalMask ? null
        : $"a running state cannot forget keys that leave {problem.Mask}; it takes full and causal masks";
}
