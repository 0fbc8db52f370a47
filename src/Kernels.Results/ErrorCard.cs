namespace Kernels.Results;

/// <summary>Errors of an output against the float64 reference of the kernel's operation (gold).</summary>
/// <param name="MaxAbs">Largest absolute error.</param>
/// <param name="Nmse">Normalised mean square error: Σ(x − gold)² / Σ gold².</param>
/// <param name="RatioToBase">
/// Largest error of a head divided by max|plain − gold| + ε·max|gold| of that head, where plain is plain float32; the maximum over heads.
/// The gate's limit is 2, or 3 for a kernel with a declared approximation.
/// </param>
/// <param name="Limit">That limit.</param>
/// <param name="WorstIndex">Place of the largest error: batch, head, token, channel.</param>
/// <param name="CheckedRows">Output rows compared with gold.</param>
/// <param name="TotalRows">Output rows of the problem. The other rows are only checked to be written and finite.</param>
public sealed record ErrorCard(
    double? MaxAbs, double? Nmse, double? RatioToBase, double Limit, int[]? WorstIndex, long CheckedRows, long TotalRows)
{
    /// <summary>The card of a call of which nothing was compared.</summary>
    public static ErrorCard Nothing(double limit, long totalRows = 0) => new(null, null, null, limit, null, CheckedRows: 0, totalRows);

    /// <summary>The output nearest its limit, to which the other figures belong: <c>o</c>, or another operand such as <c>lse</c>.</summary>
    public string Operand { get; init; } = "o";
}
