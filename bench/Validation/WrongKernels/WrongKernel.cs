using Kernels.Abstractions;

namespace Kernels.Bench.Validation.WrongKernels;

/// <summary>A kernel with one mistake, and the reasons for which the gate may reject it.</summary>
internal sealed record WrongKernel(AttentionKernel Kernel, params FailureKind[] Expected);
