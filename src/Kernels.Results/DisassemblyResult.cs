namespace Kernels.Results;

/// <summary>The file with the machine code of a kernel.</summary>
/// <param name="File">Path below the folder of the run; null when there is none.</param>
/// <param name="Reason">Why there is none.</param>
public sealed record DisassemblyResult(string? File, string? Reason);
