namespace Kernels.Gpu.Ilgpu;

/// <summary>What an accelerator can be asked to compute.</summary>
internal enum IlgpuProgram
{
    /// <summary>Scores, softmax and product one after the other, through a score matrix in device memory.</summary>
    Tiled,

    /// <summary>All in one kernel, with an online softmax.</summary>
    Flash,
}
