using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>What the gate says of one output.</summary>
/// <param name="Failure">Why it is rejected; null when it passed.</param>
/// <param name="Message">The same as a sentence, with numbers and place.</param>
/// <param name="Errors">How far it is from the oracle.</param>
public sealed record Verdict(FailureKind? Failure, string? Message, ErrorCard Errors)
{
    /// <summary>Whether the output is right.</summary>
    public bool Passed => Failure is null;

    /// <summary>Whether it passed with more than half of what the rule allows.</summary>
    public bool Warned { get; init; }
}
