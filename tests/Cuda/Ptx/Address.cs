namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The operand <c>[base + offset]</c>.</summary>
internal readonly record struct Address(Operand Base, long Offset)
{
    public ulong Of(Warp warp, int lane) => Base.Values(warp)[lane] + (ulong)Offset;
}
