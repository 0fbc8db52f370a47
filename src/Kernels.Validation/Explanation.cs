namespace Kernels.Validation;

/// <summary>What can be said about the failures of a kernel.</summary>
/// <param name="Smallest">The smallest case found on which it fails for the same reason as on the first.</param>
/// <param name="Verdict">The verdict on that case.</param>
/// <param name="Shared">What the failing cases share and no passing case has, or else what most passing cases lack.</param>
/// <param name="Twins">Names of the suite's wrong kernels that give the same output on each failing case that was tried.</param>
public sealed record Explanation(GateCase Smallest, Verdict Verdict, IReadOnlyList<string> Shared, IReadOnlyList<string> Twins);
