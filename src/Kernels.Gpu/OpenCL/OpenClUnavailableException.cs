namespace Kernels.Gpu.OpenCL;

/// <summary>Why OpenCL cannot be used on this machine at all, as a sentence for the report.</summary>
internal sealed class OpenClUnavailableException(string reason) : Exception(reason);
