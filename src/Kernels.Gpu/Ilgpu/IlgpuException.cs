namespace Kernels.Gpu.Ilgpu;

/// <summary>A call into ILGPU failed; the message is that of ILGPU, which contains the driver's error.</summary>
public sealed class IlgpuException(Exception inner) : Exception($"ILGPU: {inner.Message}", inner);
