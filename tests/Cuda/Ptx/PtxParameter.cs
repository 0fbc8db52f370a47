namespace Kernels.Tests.Cuda.Ptx;

/// <summary>One parameter of an entry, at its place in the parameter memory.</summary>
internal sealed record PtxParameter(string Name, int Offset, int Bytes)
{
    public int End => Offset + Bytes;
}
