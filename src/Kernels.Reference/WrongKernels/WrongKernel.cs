using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>A kernel with one mistake, and the reasons for which the gate may reject it.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Expected">Any of them.</param>
public sealed record WrongKernel(Kernel Kernel, params FailureKind[] Expected);
