namespace Kernels.Results;

/// <summary>Where the machine code of a kernel is.</summary>
/// <param name="File">Path below the folder of the run; null when there is none.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record DisassemblyResult(string? File, string? Reason);
