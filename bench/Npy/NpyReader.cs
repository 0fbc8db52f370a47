using System.Buffers.Binary;
using System.Text;
using Kernels.Results;

namespace Kernels.Bench.Npy;

/// <summary>
/// Reads float32 arrays in C order from NumPy's .npy files, versions 1, 2 and 3. The header is checked against the length of the file
/// before any memory is taken, so a file of a few bytes cannot ask for gigabytes.
/// </summary>
public sealed class NpyReader : IDisposable
{
    // NumPy's own headers have about a hundred characters.
    private const int LongestHeader = 1 << 16;
    private const string Advice = "save it with np.save(file, np.ascontiguousarray(x, dtype='<f4'))";

    private readonly Stream stream;
    private readonly string name;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The file, at its beginning; disposed with the reader.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="FormatException">It is not such a file; the message has name and reason.</exception>
    public NpyReader(Stream stream, string name)
    {
        (this.stream, this.name) = (stream, name);
        try
        {
            NpyHeader header = ReadHeader();
            RequireFloat32(header);
            Shape = Sizes(header.Shape);
            Length = Shape.Aggregate(1, (product, size) => product * size);
            RequireData();
        }
        catch (FormatException error)
        {
            // The message quotes the header, which may have any characters.
            throw new FormatException($"{name}: {OneLine.Clean(error.Message)}.");
        }
    }

    /// <summary>The bytes that every .npy file begins with.</summary>
    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Size of each dimension, at least 1.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Numbers in the array.</summary>
    public int Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="FormatException">It is not a float32 .npy file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NpyReader Open(string path)
    {
        if (Directory.Exists(path))
            throw new FormatException($"{path}: it is a folder, not an .npy file.");
        FileStream file = File.OpenRead(path);
        try
        {
            return new NpyReader(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file begins as .npy files do.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool IsNpy(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[Magic.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(Magic);
    }

    /// <summary>Reads all numbers; called once.</summary>
    public void Read(Span<float> destination)
    {
        if (destination.Length != Length)
            throw new ArgumentException($"{name} holds {Length:N0} numbers, the destination {destination.Length:N0}.", nameof(destination));
        stream.ReadFloats(destination);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    private NpyHeader ReadHeader()
    {
        if (!stream.CanSeek)
            throw new FormatException("it is not a regular file");
        byte[] start = Take(8);
        if (!start.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw new FormatException("it is not an .npy file");
        int version = start[6];
        if (version is < 1 or > 3)
            throw new FormatException($"version {version} of the format is unknown");
        uint length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(Take(2)) : BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        if (length > LongestHeader)
            throw new FormatException($"its header claims {length:N0} bytes, more than any array needs");
        return NpyHeader.Parse(Encoding.UTF8.GetString(Take((int)length)));
    }

    private byte[] Take(int count)
    {
        if (stream.Length - stream.Position < count)
            throw new FormatException("it is cut off within its header");
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void RequireFloat32(NpyHeader header)
    {
        if (header.Descr != "<f4")
            throw new FormatException($"it holds '{header.Descr}', but little-endian float32 ('<f4') is needed; {Advice}");
        if (header.FortranOrder)
            throw new FormatException($"it is in Fortran order, but C order is needed; {Advice}");
    }

    private static int[] Sizes(IReadOnlyList<long> shape)
    {
        if (shape.Count == 0)
            throw new FormatException("it holds a single number, not a tensor");
        Int128 product = 1;
        foreach (long size in shape)
        {
            if (size < 1)
                throw new FormatException($"a dimension of its shape is {size}, but must be at least 1");
            product *= size;
            if (product > int.MaxValue)
                throw new FormatException($"it claims more than {int.MaxValue:N0} numbers, which is as many as a tensor can hold here");
        }
        return [.. shape.Select(size => (int)size)];
    }

    private void RequireData()
    {
        long needed = sizeof(float) * (long)Length, there = stream.Length - stream.Position;
        if (there < needed)
            throw new FormatException($"it is cut off: its shape needs {needed:N0} bytes, {there:N0} are there");
        if (there > needed)
            throw new FormatException($"{there - needed:N0} bytes follow its array");
    }
}
