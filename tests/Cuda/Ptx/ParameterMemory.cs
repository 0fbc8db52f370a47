namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The arguments of a launch, laid out as the entry declares its parameters.</summary>
internal sealed class ParameterMemory(byte[] content)
{
    public ReadOnlySpan<byte> Read(int line, ulong address, int bytes)
    {
        if (address % (ulong)bytes != 0)
            throw new PtxException(PtxComplaint.Misaligned, line, $"{bytes} bytes at parameter address {address}");
        if (address + (ulong)bytes > (ulong)content.Length)
            throw new PtxException(PtxComplaint.OutOfBounds, line, $"{bytes} bytes at parameter address {address} of {content.Length}");
        return content.AsSpan((int)address, bytes);
    }
}
