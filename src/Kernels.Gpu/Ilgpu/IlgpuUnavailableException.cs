namespace Kernels.Gpu.Ilgpu;

/// <summary>Why ILGPU cannot be used on this machine, as a sentence for the report.</summary>
internal sealed class IlgpuUnavailableException(string reason) : Exception(reason);
