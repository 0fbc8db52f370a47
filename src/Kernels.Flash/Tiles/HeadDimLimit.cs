using Kernels.Abstractions;

namespace Kernels.Flash.Tiles;

/// <summary>The longest rows: with more channels a block of keys, values and output leaves the second-level cache.</summary>
internal static class HeadDimLimit
{
    private const int Most = 256;

    /// <summary>Why the rows of a problem are too long; null when they are not.</summary>
    public static string? Refuses(AttentionProblem problem) =>
        problem.HeadDim > Most ? $"head dimension is more than {Most}"
        : problem.ValueDim > Most ? $"value dimension is more than {Most}"
        : null;
}
