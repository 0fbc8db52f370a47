using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>Masks that a state supports: it takes keys in order, and cannot remove any.</summary>
internal static class GrowingState
{
    /// <summary>Why a state does not support the mask of a problem; null when it does.</summary>
    public static string? Refuses(AttentionProblem problem) =>
        problem.Mask is FullMask or CausalMask ? null
        : $"a running state cannot forget keys that leave {problem.Mask}; it takes full and causal masks";
}
