namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The special registers that programs may read.</summary>
internal enum SpecialRegister
{
    ThreadX,
    ThreadY,
    BlockX,
    BlockY,
    BlockZ,
    BlocksX,
    BlocksZ,
    ThreadsY,
    DynamicSharedBytes,
}
