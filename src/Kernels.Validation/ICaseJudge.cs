using Kernels.Abstractions;

namespace Kernels.Validation;

/// <summary>Runs one case of the gate on a kernel, in this process or in another.</summary>
public interface ICaseJudge : IDisposable
{
    /// <summary>The verdict on a case, or why the case does not apply to the kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="gateCase">The case.</param>
    /// <param name="detail">What else to find out where it fails.</param>
    /// <exception cref="OperationCanceledException">The judge was stopped.</exception>
    CaseAnswer Judge(Kernel kernel, GateCase gateCase, Detail detail = Detail.Usual);
}

/// <summary>What a judge finds out about a failure.</summary>
public enum Detail
{
    /// <summary>Its kind alone, as quickly as possible.</summary>
    Least,

    /// <summary>Also beside which operand a guard page was touched.</summary>
    Usual,

    /// <summary>Also which wrong kernels give the same output.</summary>
    Twins,
}

/// <summary>What a judge says of a case.</summary>
/// <param name="Verdict">The verdict; null when the case does not apply.</param>
/// <param name="Refusal">Why the case does not apply, as a sentence; null when it does.</param>
public sealed record CaseAnswer(Verdict? Verdict, string? Refusal = null)
{
    /// <summary>Names of the wrong kernels that fail for the same reason with the same output; null when not looked for.</summary>
    public IReadOnlyList<string>? Twins { get; init; }
}
