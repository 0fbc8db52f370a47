using System.Buffers.Binary;
using System.Text;
using Kernels.Results;

namespace Kernels.Bench.Npy;

/// <summary>Writes float32 arrays in C order as NumPy's .npy files, version 1.</summary>
public static class NpyWriter
{
    // NumPy aligns the data, so that the file can be mapped into memory.
    private const int Alignment = 64;

    /// <summary>Writes a file, which is complete or absent at any moment.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">Size of each dimension; their product is the number of <paramref name="values"/>.</param>
    /// <param name="values">The numbers, last dimension fastest.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">It cannot be written, or exists.</exception>
    public static void Write(string path, IReadOnlyList<int> shape, float[] values, bool overwrite) =>
        WholeFile.Write(path, file => Write(file, shape, values), overwrite);

    /// <summary>Writes the bytes of a file.</summary>
    public static void Write(Stream stream, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        if (shape.Aggregate(1L, (product, size) => product * size) != values.Length)
            throw new ArgumentException($"{values.Length:N0} numbers do not fill the shape ({string.Join(", ", shape)}).", nameof(values));
        stream.Write(Start(shape));
        stream.WriteFloats(values);
    }

    private static byte[] Start(IReadOnlyList<int> shape)
    {
        string dictionary = NpyHeader.Format(shape);
        int fixedPart = NpyReader.Magic.Length + 4;
        int total = (fixedPart + dictionary.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] start = new byte[total];
        NpyReader.Magic.CopyTo(start);
        start[NpyReader.Magic.Length] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(start.AsSpan(fixedPart - 2), checked((ushort)(total - fixedPart)));
        Encoding.ASCII.GetBytes(dictionary.PadRight(total - fixedPart - 1) + "\n", start.AsSpan(fixedPart));
        return start;
    }
}
