using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>Text of a case's status: a word, and a sign that is readable without colour.</summary>
public static class StatusText
{
    /// <summary>The word, as in results.json.</summary>
    public static string Word(CaseStatus status) => status switch
    {
        CaseStatus.Measured => "measured",
        CaseStatus.Unsupported => "unsupported",
        CaseStatus.Wrong => "wrong",
        CaseStatus.Failed => "failed",
        CaseStatus.Timeout => "timeout",
        CaseStatus.Skipped => "skipped",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>One character.</summary>
    public static string Sign(CaseStatus status) => status switch
    {
        CaseStatus.Measured => "●",
        CaseStatus.Unsupported => "–",
        CaseStatus.Wrong => "✗",
        CaseStatus.Failed => "!",
        CaseStatus.Timeout => "◔",
        CaseStatus.Skipped => "○",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
