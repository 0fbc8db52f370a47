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

    /// <summary>The generated cases among them; null when there are none.</summary>
    public GeneratedSet? Generated { get; init; }

    /// <summary>The cases of captured inputs among them; null where other families were asked for.</summary>
    public CapturedSet? Captured { get; init; }

    /// <summary>Result of the gate on wrong kernels; null when not requested.</summary>
    public ValidatorScore? Validator { get; init; }

    /// <summary>Result of the measurement on wrong timings; null when not requested.</summary>
    public ValidatorScore? WrongTimings { get; init; }

    /// <summary>Whether Ctrl-C ended the gate before all cases were run.</summary>
    public bool Stopped { get; init; }
}

/// <summary>Generated cases: equal numbers and seeds give equal cases.</summary>
/// <param name="Count">How many.</param>
/// <param name="Seed">Their seed.</param>
public sealed record GeneratedSet(int Count, int Seed);

/// <summary>Cases of inputs that a trained model attends with.</summary>
/// <param name="Count">How many.</param>
/// <param name="Reason">Why there are none; null where there are some.</param>
public sealed record CapturedSet(int Count, string? Reason);

/// <summary>One kernel.</summary>
/// <param name="Name">Catalog name.</param>
/// <param name="Operation">Name of the operation that it computes.</param>
/// <param name="Format">Formats of its operands.</param>
/// <param name="Reason">Why this machine or build cannot run it; null when it can.</param>
/// <param name="Gate">Summary of its cases; null when it cannot run.</param>
/// <param name="Cases">Each case.</param>
public sealed record VerifiedKernel(
    string Name, string Operation, string Format, string? Reason, GateResult? Gate, IReadOnlyList<VerifiedCase> Cases)
{
    /// <summary>What can be said about its failures; null when there are none.</summary>
    public VerifiedExplanation? Explanation { get; init; }
}

/// <summary>What can be said about the failures of a kernel; see <see cref="Explanation"/>.</summary>
/// <param name="Smallest">The smallest failing case found.</param>
/// <param name="Shared">What the failing cases share.</param>
/// <param name="Twins">Wrong kernels with the same output.</param>
/// <param name="Replay">The command line that runs the smallest case alone.</param>
public sealed record VerifiedExplanation(VerifiedCase Smallest, IReadOnlyList<string> Shared, IReadOnlyList<string> Twins, string Replay);

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
    bool Warned, ErrorCard? Errors)
{
    /// <summary>One wrong number, got and wanted; null where the failure is not one of numbers.</summary>
    public Mismatch? Mismatch { get; init; }

    /// <summary>Rows, heads and channels of all wrong numbers, as a phrase; null likewise.</summary>
    public string? WrongPlaces { get; init; }
}

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
