using Kernels.NativePeers.Memory;

namespace Kernels.NativePeers.Protocol;

/// <summary>One tensor of an operation.</summary>
/// <param name="Role"><c>input</c> or <c>output</c>.</param>
/// <param name="Element">Format of its numbers.</param>
/// <param name="Shape">Batch, heads, tokens and channels.</param>
/// <param name="File">Its numbers in this order, of an input of <c>load</c>.</param>
internal sealed record Operand(string Role, string Element, IReadOnlyList<int> Shape, string? File)
{
    public const string Float32 = "float32", BFloat16 = "bfloat16";

    /// <summary>How many numbers.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Bytes of one number.</summary>
    public int ElementBytes => Element == Float32 ? sizeof(float) : sizeof(ushort);

    /// <summary>Bytes of all numbers.</summary>
    public long Bytes => Count * ElementBytes;

    /// <summary>Its numbers at some address, without gaps.</summary>
    public unsafe View View(void* start) => Memory.View.HeadMajor(start, ElementBytes, Shape[0], Shape[1], Shape[2], Shape[3]);

    /// <summary>Its numbers in memory of their own, as they are in the file.</summary>
    /// <exception cref="RequestException">The request names no file.</exception>
    /// <exception cref="IOException">The file cannot be read, or has another length.</exception>
    public unsafe NativeBuffer Read()
    {
        var buffer = new NativeBuffer(Bytes);
        try
        {
            ReadTo(buffer.Start);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Its numbers, as they are in the file, to memory that has room for them.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public unsafe void ReadTo(void* target)
    {
        using FileStream file = System.IO.File.OpenRead(File ?? throw new RequestException("an input has no file"));
        if (file.Length != Bytes)
            throw new IOException($"{File} has {file.Length:N0} bytes instead of {Bytes:N0}");
        using var memory = new UnmanagedMemoryStream((byte*)target, 0, Bytes, FileAccess.Write);
        file.CopyTo(memory);
    }
}
