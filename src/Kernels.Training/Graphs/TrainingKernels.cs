using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>The kernels of this suite that a training runs on.</summary>
/// <param name="Attention">Of operation <see cref="Operations.SoftmaxLse"/> in float32.</param>
/// <param name="AttentionBackward">Of operation <see cref="Operations.SoftmaxBackward"/> in float32.</param>
public sealed record TrainingKernels(Kernel Attention, Kernel AttentionBackward);
