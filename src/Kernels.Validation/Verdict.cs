using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>The gate's verdict on one output.</summary>
/// <param name="Failure">Why it is rejected; null when it passed.</param>
/// <param name="Message">The reason as a sentence, with numbers and place.</param>
/// <param name="Errors">Its errors against gold.</param>
public sealed record Verdict(FailureKind? Failure, string? Message, ErrorCard Errors)
{
    /// <summary>Whether the output is right.</summary>
    public bool Passed => Failure is null;

    /// <summary>Whether it passed with more than half of its limit.</summary>
    public bool Warned { get; init; }

    /// <summary>One wrong number: the one with the largest error, or the first; null where the failure is not one of numbers.</summary>
    public Mismatch? Mismatch { get; init; }

    /// <summary>Rows, heads and channels of all wrong numbers, as a phrase; null likewise.</summary>
    public string? WrongPlaces { get; init; }
}
