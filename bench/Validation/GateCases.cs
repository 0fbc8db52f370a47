using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>How much the gate tries.</summary>
public enum GateDepth
{
    /// <summary>About a second for a scalar kernel: before every measurement.</summary>
    Quick,

    /// <summary>Every quick case with more seeds and families, and larger problems.</summary>
    Full,
}

/// <summary>The designed list of cases.</summary>
public static class GateCases
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<GateCase> Of(GateDepth depth, params IReadOnlyList<int> seeds) =>
        [.. Enum.GetValues<InputFamily>().Select(family => new GateCase(new AttentionProblem(1, 2, 1, 65, 67, 40), family, 1))];
}
