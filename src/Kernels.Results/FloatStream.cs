using System.Runtime.InteropServices;

namespace Kernels.Results;

/// <summary>Numbers of a file, of which a large array has more bytes than a span can hold.</summary>
public static class FloatStream
{
    private const int FloatsAtATime = 1 << 24;

    /// <summary>Reads numbers as they are in memory.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public static void ReadFloats(this Stream stream, Span<float> numbers)
    {
        for (; !numbers.IsEmpty; numbers = numbers[Math.Min(FloatsAtATime, numbers.Length)..])
            stream.ReadExactly(MemoryMarshal.AsBytes(numbers[..Math.Min(FloatsAtATime, numbers.Length)]));
    }

    /// <summary>Writes numbers as they are in memory.</summary>
    public static void WriteFloats(this Stream stream, ReadOnlySpan<float> numbers)
    {
        for (; !numbers.IsEmpty; numbers = numbers[Math.Min(FloatsAtATime, numbers.Length)..])
            stream.Write(MemoryMarshal.AsBytes(numbers[..Math.Min(FloatsAtATime, numbers.Length)]));
    }
}
