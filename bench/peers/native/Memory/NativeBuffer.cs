using System.Runtime.InteropServices;

namespace Kernels.NativePeers.Memory;

/// <summary>Memory outside the garbage-collected heap, on a cache line: libraries compute on it in place.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int CacheLine = 64;

    /// <summary>Memory with whatever it holds.</summary>
    /// <param name="bytes">From 1.</param>
    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        Bytes = bytes;
        Start = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, CacheLine);
    }

    public byte* Start { get; private set; }

    public long Bytes { get; }

    /// <summary>Writes all of it to a file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path)
    {
        using FileStream file = File.Create(path);
        using var memory = new UnmanagedMemoryStream(Start, Bytes);
        memory.CopyTo(file);
    }

    /// <summary>Fills it with bits that are a NaN in every format.</summary>
    public void FillNaN() => NativeMemory.Fill(Start, (nuint)Bytes, 0xFF);

    public void Dispose()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
    }
}
