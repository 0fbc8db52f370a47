using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>Output of <c>verify --json</c>, documented in docs/validation.md. A change of meaning raises the version.</summary>
public sealed record VerifyResults
{
    /// <summary>The version that this program writes.</summary>
    public const int CurrentSchemaVersion = 2;

    /// <summary>Version of the layout.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Every selected kernel.</summary>
    public required IReadOnlyList<VerifiedKernel> Kernels { get; init; }

    /// <summary>Result of the gate on wrong kernels; null when not requested.</summary>
    public ValidatorScore? Validator { get; init; }

    /// <summary>Result of the measurement on wrong timings; null when not requested.</summary>
    public ValidatorScore? WrongTimings { get; init; }
}

/// <summary>One kernel.</summary>
/// <param name="Name">Catalog name.</param>
/// <param name="Operation">Name of the operation that it computes.</param>
/// <param name="Format">Formats of its operands.</param>
/// <param name="Reason">Why this machine or build cannot run it; null when it can.</param>
/// <param name="Gate">Summary of its cases; null when it cannot run.</param>
/// <param name="Cases">Each case.</param>
public sealed record VerifiedKernel(
    string Name, string Operation, string Format, string? Reason, GateResult? Gate, IReadOnlyList<VerifiedCase> Cases);

/// <summary>One case.</summary>
/// <param name="Problem">The problem's name.</param>
/// <param name="Inputs">The input family.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Injected">A non-finite number and its input, such as <c>k=NaN</c>.</param>
/// <param name="Status">Its outcome.</param>
/// <param name="Failure">The kind of failure.</param>
/// <param name="Reason">Why it failed or was refused, as a sentence.</param>
/// <param name="Warned">Whether it passed with more than half of its limit.</param>
/// <param name="Errors">Errors against gold.</param>
public sealed record VerifiedCase(
    string Problem, InputFamily Inputs, int Seed, string? Injected, VerifiedStatus Status, FailureKind? Failure, string? Reason,
    bool Warned, ErrorCard? Errors);

/// <summary>Outcome of a case.</summary>
public enum VerifiedStatus
{
    /// <summary>Right.</summary>
    Passed,

    /// <summary>Wrong.</summary>
    Failed,

    /// <summary>The kernel does not take the problem.</summary>
    Refused,
}
