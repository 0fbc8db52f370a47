namespace Kernels.Tests.Cuda;

/// <summary>What an attention kernel writes.</summary>
/// <param name="Output">[batch, head, query, channel].</param>
/// <param name="Lse">[batch, head, query]; empty where it was not asked for.</param>
internal sealed record CudaRows(float[] Output, float[] Lse);
