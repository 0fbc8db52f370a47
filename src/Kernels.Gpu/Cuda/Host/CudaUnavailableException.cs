namespace Kernels.Gpu.Cuda.Host;

/// <summary>Why CUDA cannot be used on this machine at all, as a sentence for the report.</summary>
internal sealed class CudaUnavailableException(string reason) : Exception(reason);
