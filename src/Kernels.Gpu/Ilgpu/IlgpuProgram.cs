namespace Kernels.Gpu.Ilgpu;

/// <summary>The programs of an accelerator.</summary>
internal enum IlgpuProgram
{
    /// <summary>Scores, softmax and product one after the other, through a score matrix in device memory.</summary>
    Tiled,

    /// <summary>One fused kernel with an online softmax.</summary>
    Flash,
}
