using System.Runtime.InteropServices;
using Kernels.Abstractions;

namespace Kernels.Models;

/// <summary>Native memory of a model, freed together.</summary>
public sealed unsafe class NativeBlocks : IDisposable
{
    private const int Alignment = 64;

    private readonly List<nint> blocks = [];

    /// <summary>Bytes of zeros on a cache line.</summary>
    public void* Take(long bytes)
    {
        void* block = NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), Alignment);
        blocks.Add((nint)block);
        NativeMemory.Clear(block, (nuint)bytes);
        return block;
    }

    /// <summary>Numbers in a format, rounded to it.</summary>
    public void* Copy(ReadOnlySpan<float> numbers, Element element = Element.Float32)
    {
        void* block = Take((long)numbers.Length * element.Size());
        element.Narrow(numbers, block);
        return block;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint block in blocks)
            NativeMemory.AlignedFree((void*)block);
        blocks.Clear();
    }
}

/// <summary>Two blocks of rows, which layers read and write in turn, and the memory of their kernel; they grow and never shrink.</summary>
internal sealed unsafe class StackMemory : IDisposable
{
    private readonly NativeBlocks blocks = new();
    private float* even, odd;
    private long rowBytes, kernelBytes;

    /// <summary>Memory of the kernel.</summary>
    public void* OfKernel { get; private set; }

    /// <summary>Rows that layer <paramref name="layer"/> reads, and the one before it writes.</summary>
    public float* Rows(int layer) => layer % 2 == 0 ? even : odd;

    /// <summary>Grows where there is less than this.</summary>
    /// <param name="rows">Bytes of a block of rows.</param>
    /// <param name="kernel">Bytes of the memory of the kernel.</param>
    public void Require(long rows, long kernel)
    {
        if (even != null && rows <= rowBytes && kernel <= kernelBytes)
            return;
        blocks.Dispose();
        (rowBytes, kernelBytes) = (Math.Max(rows, rowBytes), Math.Max(kernel, kernelBytes));
        even = (float*)blocks.Take(rowBytes);
        odd = (float*)blocks.Take(rowBytes);
        OfKernel = blocks.Take(kernelBytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        blocks.Dispose();
        even = odd = null;
    }
}
