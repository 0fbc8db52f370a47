namespace Kernels.Results;

/// <summary>A part of a kernel's time.</summary>
/// <param name="Part">Such as <c>attention</c> or <c>feed-forward</c>.</param>
/// <param name="Share">Of the time of a call on one thread, 0 … 1.</param>
public sealed record PartShare(string Part, double Share);
