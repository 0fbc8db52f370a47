using Kernels.Abstractions;

namespace Kernels.Flash.Tiles;

/// <summary>The most channels of a row: with more, a block of keys, values and output exceeds the second-level cache.</summary>
internal static class HeadDimLimit
{
    private const int Most = 256;

    /// <summary>Why the rows of a problem are too long; null when they are not.</summary>
    public static string? Refuses(AttentionProblem problem) =>
        problem.HeadDim > Most ? $"head dimension is more than {Most}"
        : problem.ValueDim > Most ? $"value dimension is more than {Most}"
        : null;
}
