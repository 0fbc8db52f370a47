namespace Kernels.Validation;

/// <summary>Progress of the gate on a kernel.</summary>
/// <param name="Kernel">Name of the kernel.</param>
/// <param name="Done">Cases done.</param>
/// <param name="Total">Cases in all.</param>
/// <param name="Next">The case that begins; null at the end.</param>
public readonly record struct GateProgress(string Kernel, int Done, int Total, GateCase? Next = null);
