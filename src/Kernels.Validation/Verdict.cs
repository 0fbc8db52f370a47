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
}
