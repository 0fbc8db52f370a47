namespace Kernels.Results;

/// <summary>How far an output is from the float64 result of the kernel's own operation.</summary>
/// <param name="MaxAbs">Largest absolute error.</param>
/// <param name="Nmse">Normalised mean square error: Σ(x − gold)² / Σ gold².</param>
/// <param name="RatioToBase">
/// Largest error of a head divided by what the gate compares it with, max|base − gold| + ε·max|gold| of that head, for the head where
/// that is most; the gate's limit is 2, or 3 for a kernel with a declared approximation.
/// </param>
/// <param name="Limit">That limit.</param>
/// <param name="WorstIndex">Where that largest error is: batch, head, token, channel.</param>
/// <param name="CheckedRows">Output rows compared with the oracle.</param>
/// <param name="TotalRows">Output rows of the problem. Rows that were not compared were still checked to be finite and written.</param>
public sealed record ErrorCard(
    double? MaxAbs, double? Nmse, double? RatioToBase, double Limit, int[]? WorstIndex, long CheckedRows, long TotalRows)
{
    /// <summary>The output that is nearest its limit, which the other figures are of: <c>o</c>, or another operand such as <c>lse</c>.</summary>
    public string Operand { get; init; } = "o";
}
